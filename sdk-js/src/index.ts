export type { AnyEvent, EventMap, EventOf, TypeOf } from "./client/events.js";
export { Hub, type HubOptions, type RequestOptions, type Wire } from "./client/hub.js";
export type { Member } from "./client/addresses.js";
export type {
  PublishOptions,
  QueueOptions,
  QueueStorage,
  Settled,
  Waiting,
} from "./client/publishing.js";
export type { Gap, Handlers, Subscription, SubscriptionState } from "./client/subscription.js";
export type { ConnectionInfo, ConnectionState, Token, TokenReason } from "./connection/contract.js";
export type { Link, Transport, TransportListener } from "./connection/transport.js";
export { webSocket, type WebSocketClass, type WebSocketLike } from "./connection/websocket.js";
export { store, type Readable, type Store } from "./lib/readable.js";
export {
  closeCodeOf,
  closeCodes,
  reconnectDelayOf,
  type CloseCode,
} from "./protocol/close-codes.js";
export { decodeMessage } from "./protocol/codec.js";
export { errorCodes, isErrorCode, type ErrorCode } from "./protocol/errors.js";
export type {
  ClientFrame,
  ErrFrame,
  ErrorDetails,
  Headers,
  HubEvent,
  NoticeFrame,
  NoticeMessage,
  NoticeName,
  PingFrame,
  PongFrame,
  Position,
  Published,
  PublishFrame,
  PublishHeaders,
  RecFrame,
  RegisterFrame,
  RegisterHeaders,
  SendFrame,
  ServerFrame,
  UnregisterFrame,
} from "./protocol/frames.js";
export { noticeNames } from "./protocol/frames.js";
export type { HubError, LocalCode } from "./protocol/hub-error.js";
export { banner, type Banner } from "./features/banner.js";
export { indexedDbQueue } from "./features/indexed-db.js";
export {
  model,
  type Model,
  type ModelOptions,
  type MutateOptions,
  type Mutation,
  type MutationStatus,
  type Snapshot,
} from "./features/model.js";
export {
  presence,
  type Device,
  type Presence,
  type PresenceChange,
  type Present,
  type Roster,
} from "./features/presence.js";
export { signal, type Signal, type Signalled, type SignalOptions } from "./features/signal.js";
