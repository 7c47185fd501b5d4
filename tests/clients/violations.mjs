// Holds what was said over HTTP against the OpenAPI document, with the validation of Prism's proxy: violations.mjs DOCUMENT.
// Each line of the input is an exchange as JSON; each line of the output is the list of its violations.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parse } from "node:querystring";
import prism from "@stoplight/prism-http";
import taskEither from "fp-ts/lib/TaskEither.js";

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, success() {}, child: () => silent };
const operations = await prism.getHttpOperationsFromSpec(JSON.parse(readFileSync(process.argv[2], "utf8")));
let answer;
const proxy = prism.createInstance(
    { isProxy: true, upstream: new URL("http://upstream"), checkSecurity: false, validateRequest: true, validateResponse: true, errors: false, mock: false },
    { logger: silent, forward: () => () => taskEither.right(answer) },
);

const body = (text) => {
    try {
        return text === "" ? undefined : JSON.parse(text);
    } catch {
        return text;
    }
};

async function violationsOf(exchange) {
    const [path, query = ""] = exchange.url.split("?");
    answer = { statusCode: exchange.status, headers: exchange.answerHeaders, body: body(exchange.answer) };
    const request = {
        method: exchange.method.toLowerCase(),
        url: { path, query: parse(query) },
        headers: exchange.headers,
        body: body(exchange.body),
    };
    const checked = await proxy.request(request, operations, undefined)();
    if (checked._tag === "Left") return [404, 405].includes(exchange.status) ? [] : [String(checked.left)];
    const { input, output } = checked.right.validations;
    const told = ({ path, message }) => `${(path ?? []).join(".")}: ${message}`;

    // A wrong request is no fault of ours, unless it was carried out.
    const carriedOut = exchange.status < 400 ? input.map((violation) => `carried out although ${told(violation)}`) : [];
    return [...output.map(told), ...carriedOut];
}

for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await violationsOf(JSON.parse(line))));
}
