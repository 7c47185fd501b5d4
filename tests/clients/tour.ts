// The tour of the README and of the staff who make it possible, with the client that openapi-fetch makes of the types that openapi-typescript
// reads from the OpenAPI document. It compiles in strict mode only while the document tells what the host answers.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { argv: string[] };

const [, , baseUrl = "", adminEmail = "", adminPassword = ""] = process.argv;

type Order = components["schemas"]["OrderView"];

async function signIn(email: string, password: string) {
    const anybody = createClient<paths>({ baseUrl });
    const { data, error } = await anybody.POST("/api/v1/accounts/token", { body: { email, password } });
    if (!data) throw new Error(error.code);
    return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${data.accessToken}` } });
}

function same<T>(actual: T, expected: T, what: string): void {
    if (actual !== expected) throw new Error(`${what}: ${String(actual)} instead of ${String(expected)}`);
}

async function settled(client: Awaited<ReturnType<typeof signIn>>, id: string): Promise<Order> {
    for (let attempt = 0; attempt < 600; attempt++) {
        const { data } = await client.GET("/api/v1/orders/{id}", { params: { path: { id } } });
        if (data && data.status !== "on_payment") return data;
        await new Promise((resume) => setTimeout(resume, 100));
    }
    throw new Error("The order stays on payment.");
}

const admin = await signIn(adminEmail, adminPassword);
const soon = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const draft = await admin.POST("/api/v1/events", {
    body: {
        name: "Tango by TypeScript", venue: "Grand Hall", description: "An evening.", startsAt: soon(30), endsSellingAt: soon(29), capacity: 20,
        tiers: [{ name: "Stalls", price: 12_000, tickets: 20 }],
    },
});
if (!draft.data) throw new Error(draft.error.code);
const id = draft.data.id;
same(draft.data.publishedAt, null, "a draft without an opening of its sale");
const published = await admin.POST("/api/v1/events/{id}/publish", { params: { path: { id } } });
same(published.data?.status, "published", "status of the event");
same(typeof published.data?.publishedAt, "string", "opening of the sale");
const adjusted = await admin.POST("/api/v1/events/{id}/price-adjustments", { params: { path: { id } }, body: { percentage: 10, note: "The headliner is confirmed." } });
same(adjusted.data?.tiers[0]?.price, 13_200, "adjusted price");

const anybody = createClient<paths>({ baseUrl });
const found = await anybody.GET("/api/v1/events", { params: { query: { search: "tango typescript", limit: 10 } } });
same(found.data?.items[0]?.id, id, "event found");

const email = `ana-${Date.now()}@example.com`;
const account = await anybody.POST("/api/v1/accounts", { body: { name: "Ana", email, password: "a-long-password" } });
same(account.data?.email, email, "address of the account");
const ana = await signIn(email, "a-long-password");

const dear = await ana.POST("/api/v1/orders", { body: { eventId: id, quantity: 2, expectedTotal: 24_000 } });
same(dear.error?.code, "price-changed", "code of the refusal");
same(dear.error?.total, 26_400, "new total");
const order = await ana.POST("/api/v1/orders", {
    params: { header: { "Idempotency-Key": "tour" } },
    body: { eventId: id, quantity: 2, expectedTotal: dear.error?.total ?? null },
});
if (!order.data) throw new Error(order.error.code);
same(order.response.headers.get("Location"), `/api/v1/orders/${order.data.id}`, "Location");
same(order.data.payment, null, "payment before any");
const payment = await ana.POST("/api/v1/orders/{id}/payment", { params: { path: { id: order.data.id } }, body: { method: "card", token: "tok_approve" } });
same(payment.data?.status, "awaiting_confirmation", "status of the payment");
const paid = await settled(ana, order.data.id);
same(paid.status, "paid", "status of the order");
same(paid.payment?.status, "paid", "status of its payment");

const mine = await ana.GET("/api/v1/orders", { params: { query: { limit: 1 } } });
same(mine.data?.nextCursor, null, "cursor of the last page");
const refused = await ana.POST("/api/v1/accounts", { body: { name: "", email: "no address", password: "short" } });
same(refused.error?.errors?.["email"]?.length, 1, "messages about the address");
const canceled = await ana.POST("/api/v1/orders/{id}/cancel", { params: { path: { id: order.data.id } } });
same(canceled.data?.status, "refunded", "status after the cancellation");

console.log("The tour is over.");
