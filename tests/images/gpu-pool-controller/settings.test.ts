import { expect, it } from "vitest";
import { readSettings } from "../../../images/gpu-pool-controller/src/settings.ts";

const sound = {
  POOL_ID: "1f8c2b1c",
  QUEUE_NAME: "transcription",
  FLOOR: "1",
  CEILING: "4",
  COOLDOWN_SECONDS: "600",
  JOBS_PER_MEMBER_HOUR: "12",
  TARGET_WAIT_SECONDS: "600",
  BUDGET_USD_PER_DAY: "150",
  MEMBER_USD_PER_HOUR: "1.57",
};

it("reads the environment, with what is usual where it says nothing", () => {
  expect(readSettings(sound)).toMatchObject({ FLOOR: 1, JOBS_AT_ONCE: 1, POLL_MILLISECONDS: 2000 });
});

it("tells everything that is wrong at once", () => {
  expect(() => readSettings({ ...sound, POOL_ID: "", FLOOR: "some" })).toThrow(/POOL_ID[\s\S]*FLOOR/);
  expect(() => readSettings({ ...sound, FLOOR: "5" })).toThrow("must not be below FLOOR");
});
