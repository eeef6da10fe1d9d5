// Serves aimock with the cases of `tests/peer.rs` on a free port of this machine, prints the address, and ends with its
// standard input, so that a test that dies leaves nothing behind.
import { LLMock } from "@copilotkit/aimock";

const answer = { text: "Bo reads.", source_ids: ["S1"] };
const peer = new LLMock({ port: 0, host: "127.0.0.1", auth: { apiKeys: ["peer-key"] } });

// Only a request that aimock itself reads as one for a JSON schema, to this deployment, is answered.
const asked = (userMessage, more) => ({
  userMessage, endpoint: "chat", model: "peer-model", responseFormat: "json_schema", ...more,
});
const first = (userMessage) => asked(userMessage, { sequenceIndex: 0 });
const error = (status, code, more) => ({ status, error: { message: "no", type: "invalid_request_error", code }, ...more });

peer.on(asked("CASE plain"), { content: answer, usage: { prompt_tokens: 31, completion_tokens: 9, total_tokens: 40 } });
peer.on(asked("CASE system", { systemMessage: "numbered sources" }), { content: answer });
peer.on(first("CASE throttled"), error(429, "rate_limit_exceeded", { retryAfter: 1 }));
peer.on(asked("CASE throttled"), { content: answer });
peer.on(first("CASE failing"), error(503, null));
peer.on(asked("CASE failing"), { content: answer });
peer.on(first("CASE prose"), { content: "Certainly! Here it is." });
peer.on(asked("CASE prose"), { content: answer });
peer.on(asked("CASE unfit"), { content: { text: 1 } });
peer.on(asked("CASE tool"), { toolCalls: [{ name: "read_file", arguments: { path: "/" } }] });
peer.on(asked("CASE cut"), { content: '{"text": "Bo', finishReason: "length" });
peer.on(asked("CASE filtered answer"), { content: "", finishReason: "content_filter" });
peer.on(asked("CASE filtered prompt"), error(400, "content_filter"));
peer.on(asked("CASE too long"), error(400, "context_length_exceeded"));
peer.on(asked("CASE no quota"), error(429, "insufficient_quota"));
peer.on(asked("CASE no deployment"), error(404, "DeploymentNotFound"));
peer.on(asked("CASE dropped"), { content: answer }, { chaos: { dropRate: 1 } });
peer.on(asked("CASE malformed"), { content: answer }, { chaos: { malformedRate: 1 } });
peer.on(asked("CASE disconnected"), { content: answer }, { chaos: { disconnectRate: 1 } });
peer.on(asked("CASE slow"), { content: answer }, { chaos: { latencyMs: 20000 } });

await peer.start();
console.log(peer.url);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
