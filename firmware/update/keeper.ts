import { platform } from "sertao:platform";
import { startKeeper } from "../../lib/app/slot-keeper.js";
import type { LentDevice } from "../../lib/update/keeper-link.js";

// A script of its own (scripts/bundle/build-agent.ts), which applications evaluate while there is anything to do with the
// slots.
hooks = startKeeper(platform, up as LentDevice);
