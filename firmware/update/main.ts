import { proof } from "sertao:proof";
import { platform } from "sertao:platform";
import { startAgent } from "../../lib/app/update-agent.js";
import type { AgentScript } from "../../lib/update/agent-link.js";

// A script of its own (scripts/bundle/build-agent.ts): the application evaluates it while an offer is open.
export const agent: AgentScript = (lent) => startAgent(platform.files, platform.clock, proof, lent);
