/** Port of syslog over TLS (RFC 5425), where nobody says another. */
export const syslogTlsPort = 6514;
