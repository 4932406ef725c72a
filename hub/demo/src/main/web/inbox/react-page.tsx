import { openShell } from "../shell/shell.ts";
import { inbox } from "./story.ts";

await openShell(inbox("react-pane"));
