// Holds what was said over HTTP against the OpenAPI document, with the validation of Prism's proxy: violations.mjs DOCUMENT.
// Each line of the input is an exchange as JSON; each line of the output is the list of its violations.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parse } from "node:querystring";
import prism from "@stoplight/prism-http";
import taskEither from "fp-ts/lib/TaskEither.js";

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, success() {}, child: () => silent };
const described = JSON.parse(readFileSync(process.argv[2], "utf8"));
const routes = Object.entries(described.paths)
    .map(([path, methods]) => ({ parts: path.split(/\{[^}]+\}/), methods }))
    .map(({ parts, methods }) => ({ matches: new RegExp(`^${parts.join("[^/]+")}$`), variables: parts.length, methods }))
    .sort((one, other) => one.variables - other.variables);
const problemFields = Object.keys(described.components.schemas.ProblemDetails.properties);
const operations = await prism.getHttpOperationsFromSpec(described);
let answer;
const proxy = prism.createInstance(
    { isProxy: true, upstream: new URL("http://upstream"), checkSecurity: false, validateRequest: true, validateResponse: true, errors: false, mock: false },
    { logger: silent, forward: () => () => taskEither.right(answer) },
);

// What a client must act on. Others are the same everywhere, or its HTTP library's business.
const telling = ["etag", "location", "ratelimit", "ratelimit-policy", "retry-after", "www-authenticate"];

// Prism lets pass what is not described: fields, because answers may get more, and headers.
function untold(exchange, path) {
    const methods = routes.find((route) => route.matches.test(path) && route.methods[exchange.method.toLowerCase()])?.methods;
    const response = methods?.[exchange.method.toLowerCase()].responses[exchange.status];
    if (!response) return [];
    const headers = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase());
    const fields = exchange.status < 400 ? [] : Object.keys(Object(body(exchange.answer)));
    return [
        ...telling.filter((name) => name in exchange.answerHeaders && !headers.includes(name)).map((name) => `the header ${name} is not described`),
        ...fields.filter((name) => !problemFields.includes(name)).map((name) => `the field ${name} is not described`),
    ];
}

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
    return [...output.map(told), ...carriedOut, ...untold(exchange, path)];
}

for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await violationsOf(JSON.parse(line))));
}
