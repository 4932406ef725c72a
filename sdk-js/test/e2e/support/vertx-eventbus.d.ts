/** What the tests use of the stock client, which ships without types. */
declare module "@vertx/eventbus-bridge-client.js" {
  export interface Refusal {
    readonly failureCode: number;
    readonly failureType: string;
    readonly message: string;
  }

  export interface Message {
    readonly type: string;
    readonly address: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
  }

  export interface Closed {
    readonly code: number;
    readonly reason: string;
  }

  export type Handler = (refusal: Refusal | null, message?: Message) => void;

  export interface Options {
    readonly transports?: string | readonly string[];
    readonly vertxbus_reconnect_delay_min?: number;
    readonly vertxbus_reconnect_delay_max?: number;
  }

  export default class EventBus {
    constructor(url: string, options?: Options);
    readonly sockJSConn: { onmessage: (event: { readonly data: string }) => void };
    onopen?: () => void;
    onclose?: (closed: Closed) => void;
    onerror: (error: unknown) => void;
    onevent: (event: string, message: unknown) => boolean;
    onunhandled: (frame: unknown) => void;
    send(address: string, body: unknown, headers?: Record<string, string>, reply?: Handler): void;
    publish(address: string, body: unknown, headers?: Record<string, string>): void;
    registerHandler(address: string, headers: Record<string, string>, handler: Handler): void;
    unregisterHandler(address: string, headers: Record<string, string>, handler: Handler): void;
    enableReconnect(enable: boolean): void;
    close(): void;
  }
}
