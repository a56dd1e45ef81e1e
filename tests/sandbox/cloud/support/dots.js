// Behind a description of our own: the package's types are its sources, which our compiler settings would judge.
export { createDigitalOceanClient, DigitalOceanApiKeyAuthenticationProvider } from "@digitalocean/dots";
