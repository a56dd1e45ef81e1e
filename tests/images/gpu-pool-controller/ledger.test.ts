import fc from "fast-check";
import { expect, it } from "vitest";
import { charge, openLedger } from "../../../images/gpu-pool-controller/src/ledger.ts";

const at = (text: string) => Date.parse(`2026-11-${text}:00Z`);

it("charges members by the hour", () => {
  const ledger = charge({ atMs: at("21T10:00"), spentUsd: 3 }, at("21T11:30"), 2, 1.5);
  expect(ledger).toEqual({ atMs: at("21T11:30"), spentUsd: 7.5 });
});

it("begins each day at nothing", () => {
  const ledger = charge({ atMs: at("20T23:00"), spentUsd: 80 }, at("21T00:30"), 2, 1.5);
  expect(ledger.spentUsd).toBe(1.5);
});

it("gives nothing back to a clock that was put back", () => {
  const ledger = { atMs: at("21T10:00"), spentUsd: 3 };
  expect(charge(ledger, at("21T09:00"), 2, 1.5)).toEqual(ledger);
});

it("reckons a pool that it knows nothing of from midnight, or from its making", () => {
  const open = (createdMs: number) => openLedger(at("21T06:00"), { createdMs, members: 2 }, 1.5).spentUsd;
  expect(open(at("01T00:00"))).toBe(18);
  expect(open(at("21T05:00"))).toBe(3);
  expect(open(at("21T07:00"))).toBe(0);
});

it("comes to the same however often it is touched", () => {
  const moments = fc.array(fc.integer({ min: 0, max: 86_400_000 - 1 }), { maxLength: 20 });
  fc.assert(
    fc.property(moments, (offsets) => {
      const start = { atMs: at("21T00:00"), spentUsd: 0 };
      const sorted = [...offsets, 86_400_000 - 1].sort((one, other) => one - other);
      const often = sorted.reduce((ledger, ms) => charge(ledger, start.atMs + ms, 3, 1.57), start);
      expect(often.spentUsd).toBeCloseTo(charge(start, often.atMs, 3, 1.57).spentUsd, 6);
    }),
  );
});
