// Runs `pg_dump` in a process of its own, which waits as a C program waits. Plain JavaScript, so that it needs no bundle.
//
// The program is WebAssembly: it asks by a function for what its server sent, and has to be answered at once. So standard
// input and output of this process are the connection to the server, read and written until they are done; the dump goes
// to descriptor 3. What to run stands before the connection's first byte, as nobody else should read a password: four
// bytes of length, then JSON, {@link DumpOrder}.
import { readSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

/**
 * @typedef {object} DumpOrder
 * @property {string} program Module that exports `pgDump`.
 * @property {string[]} args As `pg_dump` takes them.
 */

const [connectionIn, connectionOut, dump] = [0, 1, 3];

/**
 * @param {number} length
 * @returns {Buffer} Shorter when the connection ended.
 */
function read(length) {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(connectionIn, bytes, filled, length - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/**
 * @param {number} descriptor
 * @param {Uint8Array} bytes
 */
function write(descriptor, bytes) {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

/** What the program has written of a message that is not complete yet. */
let outgoing = Buffer.alloc(0);
/** The first message alone has no letter for its type. */
let hasBegun = false;

/** Messages of the client after which the server speaks: a password, a query, a call of a function, the end of a series. */
const asks = new Set(["p", "Q", "F", "S"]);

/**
 * Takes complete messages away from what was written.
 *
 * @returns {boolean} Whether the server has something to say after the last of them.
 */
function takeMessages() {
  let answered = false;
  for (;;) {
    const letter = hasBegun ? 1 : 0;
    if (outgoing.length < letter + 4) return answered;
    const length = letter + outgoing.readUInt32BE(letter);
    if (outgoing.length < length) return answered;
    answered = !hasBegun || asks.has(String.fromCharCode(outgoing[0] ?? 0));
    hasBegun = true;
    outgoing = outgoing.subarray(length);
  }
}

/**
 * What the server says until it is the client's turn again.
 *
 * @returns {Buffer}
 */
function readAnswer() {
  const parts = [];
  for (;;) {
    const head = read(5);
    const body = head.length < 5 ? head.subarray(0, 0) : read(head.readUInt32BE(1) - 4);
    parts.push(head, body);
    const type = String.fromCharCode(head[0] ?? 0);
    // Of what it says about who may come in, all but "you are in" and "this is my proof" waits for the client.
    const waits = type === "Z" || (type === "R" && ![0, 12].includes(body.readUInt32BE(0)));
    if (head.length < 5 || waits) return Buffer.concat(parts);
  }
}

const order = read(read(4).readUInt32BE(0)).toString();
/** @type {DumpOrder} */
const { program, args } = JSON.parse(order);
const { pgDump } = await import(pathToFileURL(program).href);
try {
  const file = await pgDump({
    args,
    pg: {
      // It puts back the search path of a session that it shared; this one it has to itself.
      query: async () => ({ rows: [{ search_path: "" }] }),
      exec: async () => undefined,
      /**
       * @param {Uint8Array} bytes
       * @param {{ onRawData: (bytes: Uint8Array) => void }} options
       */
      execProtocolRawStream(bytes, { onRawData }) {
        write(connectionOut, bytes);
        outgoing = Buffer.concat([outgoing, bytes]);
        if (takeMessages()) onRawData(readAnswer());
      },
    },
  });
  write(dump, new Uint8Array(await file.arrayBuffer()));
} catch (error) {
  // Not the stack: the module is one line of a hundred kilobytes, and Node would show it. It complains of its own path too.
  const message = error instanceof Error ? error.message : String(error);
  write(
    2,
    Buffer.from(message.replace(/^Error message: (invalid binary .*?: No such file or directory)?/m, "")),
  );
  process.exitCode = 1;
}
