export {
  closeCodeOf,
  closeCodes,
  reconnectDelayOf,
  type CloseCode,
} from "./protocol/close-codes.js";
export { decodeMessage, encodeBatch, encodeFrame } from "./protocol/codec.js";
export { errorCodes, FrameError, isErrorCode, type ErrorCode } from "./protocol/errors.js";
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
