import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hasSecret,
  hasUnknown,
  marshal,
  type PropertyMap,
  type PropertyValue,
  reveal,
  Secret,
  UNKNOWN,
  unmarshal,
  withoutSecrets,
} from "../../../../sandbox/providers/kit/index.ts";
import { properties } from "./arbitraries.ts";

const UNKNOWN_OF_ANY_TYPE = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

describe("marshalling", () => {
  it("gives back what went in, markers and all", () => {
    fc.assert(
      fc.property(properties, (map) => {
        expect(unmarshal(marshal(map))).toEqual(map);
      }),
    );
  });

  it("writes secrets as the engine knows them", () => {
    expect(marshal({ password: new Secret("hunter2") }).toJavaScript()).toEqual({
      password: {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: "hunter2",
      },
    });
  });

  it.each(UNKNOWN_OF_ANY_TYPE)("reads %s as unknown", (sentinel) => {
    expect(unmarshal(marshal({ size: sentinel, list: [sentinel] }))).toEqual({
      size: UNKNOWN,
      list: [UNKNOWN],
    });
  });

  it("leaves out what is undefined and takes no message for no properties", () => {
    const map: PropertyMap = { kept: null };
    Reflect.set(map, "dropped", undefined);
    expect(unmarshal(marshal(map))).toEqual({ kept: null });
    expect(unmarshal(undefined)).toEqual({});
  });
});

describe("markers", () => {
  it("are found at any depth", () => {
    const deep = (value: PropertyValue): PropertyValue => ({ a: [{ b: value }] });
    expect(hasSecret(deep(new Secret(1)))).toBe(true);
    expect(hasSecret(deep(1))).toBe(false);
    expect(hasUnknown(deep(new Secret(UNKNOWN)))).toBe(true);
    expect(hasUnknown(undefined)).toBe(false);
  });

  it("do not nest", () => {
    expect(new Secret(new Secret("once")).value).toBe("once");
  });

  it("come off for a request, but nothing unknown may go into one", () => {
    expect(reveal({ a: new Secret({ b: [new Secret("c")] }) })).toEqual({ a: { b: ["c"] } });
    expect(() => reveal({ a: new Secret([UNKNOWN]) })).toThrow("not known yet");
    expect(withoutSecrets({ a: new Secret([UNKNOWN, new Secret(1)]) })).toEqual({ a: [UNKNOWN, 1] });
  });
});
