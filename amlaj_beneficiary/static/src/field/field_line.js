/** Asking the server, with a line that comes and goes. */

const PATIENCE = 20000;
const SESSION_ENDED = 100;

export class LineLost extends Error {}
export class SessionEnded extends Error {}
export class Refused extends Error {}

/**
 * @param {string} route
 * @param {Object} params
 * @returns {Promise<Object>} what the server answers
 * @throws {LineLost} when no answer of ours came: no line, a proxy's page, a server that restarts
 * @throws {SessionEnded} when the user has to log in again
 * @throws {Refused} with the server's sentence
 */
export async function ask(route, params = {}) {
    let answer = null;
    try {
        const response = await fetch(route, {
            method: "POST",
            headers: {"Content-Type": "application/json"},
            body: JSON.stringify({jsonrpc: "2.0", method: "call", params}),
            signal: AbortSignal.timeout(PATIENCE),
        });
        answer = await response.json();
    } catch {
        throw new LineLost();
    }
    if (answer.error) {
        if (answer.error.code === SESSION_ENDED) {
            throw new SessionEnded();
        }
        throw new Refused(answer.error.data?.message || answer.error.message);
    }
    if (!answer.result) {
        throw new LineLost();
    }
    return answer.result;
}
