import type { Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { isPropertyMap, type PropertyMap, type PropertyValue, Secret, UNKNOWN, Unknown } from "./values.ts";

/** The key by which an object in the engine's wire format says that it stands for something else. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** What the engine sends for a value it does not know; which of them tells the type it expects, which nobody needs. */
const UNKNOWN_SENTINELS: ReadonlySet<string> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string, and whatever has no type of its own
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // list
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);
const UNKNOWN_SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties as the protocol carries them. Secrets keep their wrapper, so that the engine encrypts them in its state. */
export function marshal(properties: PropertyMap): Struct {
  const message = new struct.Struct();
  const fields = message.getFieldsMap();
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) fields.set(name, marshalValue(value));
  }
  return message;
}

/** Properties from the protocol: {@link Secret} and {@link UNKNOWN} in place of the wire's markers. */
export function unmarshal(message: Struct | undefined): PropertyMap {
  if (message === undefined) return {};
  const entries: [string, PropertyValue][] = [];
  message.getFieldsMap().forEach((value, name) => {
    entries.push([name, unmarshalValue(value)]);
  });
  return Object.fromEntries(entries);
}

function marshalValue(value: PropertyValue): Value {
  const message = new struct.Value();
  if (value === null) message.setNullValue(struct.NullValue.NULL_VALUE);
  else if (typeof value === "boolean") message.setBoolValue(value);
  else if (typeof value === "number") message.setNumberValue(value);
  else if (typeof value === "string") message.setStringValue(value);
  else if (value instanceof Unknown) message.setStringValue(UNKNOWN_SENTINEL);
  else if (value instanceof Secret) {
    message.setStructValue(marshal({ [SIGNATURE_KEY]: SECRET_SIGNATURE, value: value.value }));
  } else if (Array.isArray(value)) {
    const list = new struct.ListValue();
    list.setValuesList(value.map(marshalValue));
    message.setListValue(list);
  } else message.setStructValue(marshal(value));
  return message;
}

function unmarshalValue(message: Value): PropertyValue {
  switch (message.getKindCase()) {
    case struct.Value.KindCase.BOOL_VALUE:
      return message.getBoolValue();
    case struct.Value.KindCase.NUMBER_VALUE:
      return message.getNumberValue();
    case struct.Value.KindCase.STRING_VALUE: {
      const text = message.getStringValue();
      return UNKNOWN_SENTINELS.has(text) ? UNKNOWN : text;
    }
    case struct.Value.KindCase.LIST_VALUE:
      return message.getListValue()?.getValuesList().map(unmarshalValue) ?? [];
    case struct.Value.KindCase.STRUCT_VALUE: {
      const properties = unmarshal(message.getStructValue());
      return isSecret(properties) ? new Secret(properties.value ?? null) : properties;
    }
    default:
      return null;
  }
}

function isSecret(properties: PropertyMap): boolean {
  return isPropertyMap(properties) && properties[SIGNATURE_KEY] === SECRET_SIGNATURE;
}
