// Around the agent's script (scripts/bundle/build-agent.ts).
declare const sertaoLent: import("../../lib/update/agent-link.js").LentHost;
declare let sertaoHooks: import("../../lib/update/agent-link.js").AgentHooks | undefined;
