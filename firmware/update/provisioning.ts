import { platform } from "sertao:platform";
import { keepProvisioning } from "../../lib/app/provisioning-keeper.js";
import type { LentDevice } from "../../lib/update/keeper-link.js";

// The keeper of a board without slots: applications evaluate it at their start.
hooks = keepProvisioning(platform, up as LentDevice);
