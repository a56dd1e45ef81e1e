import type { PolicyResource } from "@pulumi/policy";
import { refersTo } from "../links.ts";

const domainType = "digitalocean:index/domain:Domain";
const recordType = "digitalocean:index/dnsRecord:DnsRecord";

/** A domain, and the records of it that the stack makes. */
export interface Zone {
  readonly domain: PolicyResource;
  readonly records: readonly PolicyResource[];
}

/** The domains of a stack with their records: those that refer to them, or bear their name. */
export const zonesOf = (resources: readonly PolicyResource[]): Zone[] => {
  const records = resources.filter(({ type }) => type === recordType);
  return resources
    .filter(({ type }) => type === domainType)
    .map((domain) => ({
      domain,
      records: records.filter(
        (record) =>
          refersTo(record, "domain", domain) ||
          (record.propertyDependencies.domain === undefined && record.props.domain === domain.props.name),
      ),
    }));
};

/** The texts of a zone's TXT records of some name. */
export const textsOf = ({ domain, records }: Zone, name: string): string[] =>
  records
    .filter(({ props }) => props.type === "TXT" && isNamed(props.name, name, domain))
    .map(({ props }) => String(props.value).replaceAll('"', ""));

/** Names are relative to the domain; some write them in full. */
const isNamed = (given: unknown, name: string, { props }: PolicyResource): boolean => {
  const full =
    name === "@" ? [props.name, `${props.name}.`, ""] : [`${name}.${props.name}`, `${name}.${props.name}.`];
  return [name, ...full].includes(String(given ?? "@"));
};

/** What a zone says of who sends its mail. */
export const spfOf = (zone: Zone): string[] => textsOf(zone, "@").filter((text) => /^v=spf1\b/i.test(text));

/** Whether a zone's mail is sent or taken in by anybody: its SPF names a sender, or it has a mail server. */
export const hasMail = (zone: Zone): boolean =>
  zone.records.some(({ props }) => props.type === "MX" && String(props.value) !== ".") ||
  spfOf(zone).some((text) =>
    /\b(?:include:|redirect=|ip4:|ip6:|(?<![\w.-])[+~?]?(?:mx|a)(?=[\s:/]|$))/i.test(text),
  );
