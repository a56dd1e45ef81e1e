import { createServer, type Server as SocketServer } from "node:net";
import * as grpc from "@grpc/grpc-js";
import {
  type IResourceProviderServer,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { type CallInFlight, Connections } from "./connections.ts";
import { EngineLog } from "./engine-log.ts";
import { toGrpcFailure } from "./errors.ts";
import * as messages from "./messages.ts";
import type { CallContext, Provider, ProviderSession } from "./provider.ts";

/** A provider that is being served. */
export interface ServedProvider {
  /** Where engines attach: `PULUMI_DEBUG_PROVIDERS=<name>:<port>`. */
  readonly port: number;
  /** The calls that are being worked on: a repair waits for them to end. */
  inFlight(): CallInFlight[];
  /** Stops all calls, ends all connections and frees the port. */
  close(): Promise<void>;
}

/** How to serve a provider. */
export interface ServeOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Told of faults that nobody waits for. Default: they are dropped. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Serves a provider on 127.0.0.1 for any number of engines at once, each with its own configuration.
 * Rejects when the port is taken.
 */
export async function serveProvider(provider: Provider, options: ServeOptions): Promise<ServedProvider> {
  const engineLog = new EngineLog();
  const connections = new Connections(options.onError ?? (() => undefined), (address) =>
    engineLog.close(address),
  );
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService, handlers(provider, connections, engineLog));
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const listener = createServer((socket) => {
    connections.add(socket);
    injector.injectConnection(socket);
  });
  const port = await listen(listener, options.port);
  return {
    port,
    inFlight: () => connections.inFlight(),
    close: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      injector.destroy();
      server.forceShutdown();
      engineLog.close();
      await closed;
    },
  };
}

async function listen(listener: SocketServer, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, "127.0.0.1", () => {
      listener.off("error", reject);
      resolve();
    });
  });
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("the listener has no TCP address");
  return address.port;
}

/** What a call is about, for the list of calls in flight and for log lines. */
interface Subject {
  getUrn?(): string;
  getTok?(): string;
}

/** One method per call of the protocol. What is not here, the protocol answers as unimplemented. */
function handlers(
  provider: Provider,
  connections: Connections,
  engineLog: EngineLog,
): IResourceProviderServer {
  /** Answers a call with what `work` returns, or with what it throws as the engine understands it. */
  function unary<Request extends object, Response>(
    method: string,
    work: (request: Request, call: CallContext, peer: string) => Promise<Response> | Response,
  ): grpc.handleUnaryCall<Request, Response> {
    return (call, answer) => {
      const peer = call.getPeer();
      const subject: Subject = call.request;
      const urn = subject.getUrn?.() ?? "";
      const cancelled = new AbortController();
      call.once("cancelled", () => cancelled.abort());
      const log = (kind: "progress" | "warning") => (message: string) => {
        const address = connections.engineAddress(peer);
        if (address !== undefined) engineLog.send(address, urn, kind, message);
      };
      const context: CallContext = {
        urn,
        signal: AbortSignal.any([cancelled.signal, connections.signal(peer)]),
        progress: log("progress"),
        warn: log("warning"),
      };
      connections
        .track({ urn: urn || (subject.getTok?.() ?? ""), method, signal: context.signal }, async () =>
          work(call.request, context, peer),
        )
        .then(
          (response) => answer(null, response),
          (error: unknown) => answer(toGrpcFailure(error)),
        );
    };
  }

  /** A call that needs the configuration of its connection. */
  function configured<Request extends object, Response>(
    method: string,
    work: (session: ProviderSession, request: Request, call: CallContext) => Promise<Response>,
  ): grpc.handleUnaryCall<Request, Response> {
    return unary(method, (request: Request, call, peer) => {
      const session = connections.session(peer);
      if (session === undefined) throw new Error(`${method} was called before Configure on this connection`);
      return work(session, request, call);
    });
  }

  return {
    ...unimplemented(provider.name),
    handshake: unary("handshake", (request, _call, peer) => {
      connections.setEngineAddress(peer, request.getEngineAddress());
      return messages.handshakeResponse();
    }),
    attach: unary("attach", (request, _call, peer) => {
      connections.setEngineAddress(peer, request.getAddress());
      return messages.empty();
    }),
    getPluginInfo: unary("getPluginInfo", () => messages.pluginInfo(provider.version)),
    getSchema: unary("getSchema", () => messages.schemaResponse(provider.schema())),
    checkConfig: unary("checkConfig", async (request, call) =>
      messages.checkResponse(await provider.checkConfig(messages.checkRequest(request), call)),
    ),
    diffConfig: unary("diffConfig", async (request, call) =>
      messages.diffResponse(await provider.diffConfig(messages.diffRequest(request), call)),
    ),
    configure: unary("configure", async (request, call, peer) => {
      connections.configure(peer, await provider.configure(messages.configuration(request), call));
      return messages.configureResponse();
    }),
    check: configured("check", async (session, request, call) =>
      messages.checkResponse(await session.check(messages.checkRequest(request), call)),
    ),
    diff: configured("diff", async (session, request, call) =>
      messages.diffResponse(await session.diff(messages.diffRequest(request), call)),
    ),
    create: configured("create", async (session, request, call) =>
      messages.createResponse(await session.create(messages.createRequest(request), call)),
    ),
    read: configured("read", async (session, request, call) =>
      messages.readResponse(await session.read(messages.readRequest(request), call)),
    ),
    update: configured("update", async (session, request, call) =>
      messages.updateResponse(await session.update(messages.updateRequest(request), call)),
    ),
    delete: configured("delete", async (session, request, call) => {
      await session.delete(messages.deleteRequest(request), call);
      return messages.empty();
    }),
    invoke: configured("invoke", async (session, request, call) =>
      messages.invokeResponse(await session.invoke(messages.invokeRequest(request), call)),
    ),
    cancel: unary("cancel", (_request, _call, peer) => {
      connections.cancel(peer);
      return messages.empty();
    }),
    getMapping: unary("getMapping", () => messages.noMapping()),
    getMappings: unary("getMappings", () => messages.noMappings()),
  };
}

/** The calls that no stand-in serves. */
function unimplemented(
  name: string,
): Pick<IResourceProviderServer, "parameterize" | "call" | "construct" | "list"> {
  const failure = (method: string): Partial<grpc.StatusObject> => ({
    code: grpc.status.UNIMPLEMENTED,
    details: `the ${name} stand-in provider has no ${method}`,
  });
  return {
    parameterize: (_call, answer) => answer(failure("parameterization")),
    call: (_call, answer) => answer(failure("methods")),
    construct: (_call, answer) => answer(failure("components")),
    list: (call) => call.emit("error", failure("listing")),
  };
}
