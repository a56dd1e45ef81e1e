import { expect, it } from "vitest";
import { type QueueCommands, QueueReader } from "../../../images/gpu-pool-controller/src/queue.ts";
import { celeryMessage } from "./celery-message.ts";

const nowMs = 1_795_298_970_000;

/** A broker that holds these lists, the newest first as kombu has them, and these jobs in hand. */
function broker(lists: Record<string, readonly string[]>, inHand: readonly string[] = []): QueueCommands {
  return {
    llen: async (key) => lists[key]?.length ?? 0,
    lindex: async (key, index) => lists[key]?.at(index) ?? null,
    hvals: async (key) => (key === "unacked" ? [...inHand] : []),
  };
}

const read = (commands: QueueCommands, at = nowMs) => new QueueReader(commands, "transcription").read(at);

it("knows an empty queue, which is no key at all", async () => {
  expect(await read(broker({}))).toEqual({ waiting: 0, inFlight: 0, oldestWaitingSeconds: 0 });
});

it("takes the age of the oldest job from its header", async () => {
  const transcription = [celeryMessage("new", nowMs / 1000 - 1), celeryMessage("old", nowMs / 1000 - 90)];
  expect(await read(broker({ transcription }))).toMatchObject({ waiting: 2, oldestWaitingSeconds: 90 });
});

it("measures how long a job without such a header has been the next", async () => {
  const lists: Record<string, string[]> = {
    transcription: [celeryMessage("second"), celeryMessage("first")],
  };
  const reader = new QueueReader(broker(lists), "transcription");
  expect(await reader.read(nowMs)).toMatchObject({ oldestWaitingSeconds: 0 });
  expect(await reader.read(nowMs + 30_000)).toMatchObject({ oldestWaitingSeconds: 30 });
  lists.transcription?.pop();
  expect(await reader.read(nowMs + 31_000)).toMatchObject({ waiting: 1, oldestWaitingSeconds: 0 });
  lists.transcription?.pop();
  expect(await reader.read(nowMs + 32_000)).toMatchObject({ waiting: 0, oldestWaitingSeconds: 0 });
});

it("counts jobs of every priority", async () => {
  const age = (seconds: number) => nowMs / 1000 - seconds;
  const lists = {
    transcription: [celeryMessage("a", age(5))],
    "transcription\u0006\u00163": [celeryMessage("b", age(7)), celeryMessage("c", age(8))],
    "transcription\u0006\u00169": [celeryMessage("d", age(6))],
  };
  expect(await read(broker(lists))).toMatchObject({ waiting: 4, oldestWaitingSeconds: 8 });
});

it("counts of what is in hand its own queue's", async () => {
  const inHand = (queue: string) => JSON.stringify([JSON.parse(celeryMessage("x")), "", queue]);
  const state = await read(broker({}, [inHand("transcription"), inHand("mail"), "no JSON", "[]"]));
  expect(state.inFlight).toBe(1);
});

it("is not put out by what is no message of Celery's", async () => {
  expect(await read(broker({ transcription: ["no JSON"] }))).toMatchObject({
    waiting: 1,
    oldestWaitingSeconds: 0,
  });
});
