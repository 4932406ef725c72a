export {
  HubProvider,
  useConnection,
  useHub,
  useModel,
  usePresence,
  useReadable,
  useSignal,
  useSubscription,
} from "./react/hooks.js";
