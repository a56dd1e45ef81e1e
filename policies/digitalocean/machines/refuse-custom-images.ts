import { machineRule } from "./machine.ts";

export const refuseCustomImages = machineRule({
  name: "refuse-custom-images",
  description:
    "A droplet begins with an image that DigitalOcean keeps patched: one's own grows old unseen. Advice, because a team that builds its images each week does better.",
  remedy: 'name an image by its slug, `image: "ubuntu-24-04-x64"`, and put the rest into `userData`',
  severity: "low",
  level: "advisory",
  references: [
    { framework: "ScoutSuite", id: "droplet-droplets-custom-image" },
    { framework: "ISO 27001", id: "A.8.8" },
  ],
  check: ({ image }, report) => {
    // A slug has letters; a snapshot or an image of one's own has a number alone.
    if (/^\d*$/.test(String(image))) report(`${image} is a snapshot or an image of one's own`, "image");
  },
});
