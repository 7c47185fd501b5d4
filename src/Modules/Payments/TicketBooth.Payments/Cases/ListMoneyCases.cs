using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Cases;

/// <summary>Money that staff should know of.</summary>
internal static class ListMoneyCases
{
    // Where a page goes on: behind this unmatched money, or before this payment.
    private const long InUnmatched = 0;
    private const long InPayments = 1;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/payments/cases",
                async (
                    IMediator mediator,
                    CancellationToken ct,
                    bool all = false,
                    string? cursor = null,
                    int limit = Cursor.DefaultLimit
                ) => (await mediator.Send(new Contracts.ListMoneyCases(all, cursor, limit), ct)).ToHttp(page => TypedResults.Ok(page))
            )
            .RequireStaff()
            .WithName("ListMoneyCases")
            .WithTags("Payments")
            .WithSummary("List money that needs attention")
            .WithDescription(
                """
                Money that is not a plain payment or a plain refund: `kind` is `other_amount`, `paid_twice` (both go back by themselves),
                `unmatched`, `refund_failed`, `dispute` or `returned_from_console`. Only cases that wait for a person; with `all=true` also
                the others. Unmatched money and its disputes first, then by payment, the newest first. `dispute` is `opened`, `won` or
                `lost`.
                `choices` says what may be done: `accept`, `refund`,
                `note`, `paid_back_by_hand`. Amounts in the currency's smallest unit. A page may be a few cases longer than `limit` (1 to
                200). 422 `validation-failed`.
                """
            )
            .WithExamples(
                response: """
                { "items":
                    [ { "id": "0199e2f49a107b338d0e5c6f7a8b9c0d-r0", "kind": "refund_failed", "isOpen": true, "gateway": "Sandbox",
                        "externalId": "sbx_42", "paymentId": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d",
                        "orderId": "0199e2f4-8a10-7b33-8d0e-5c6f7a8b9c0d", "amount": 42000, "currency": "BRL",
                        "at": "2026-11-29T20:00:00Z", "returned": 0, "dispute": null, "reason": "refund-not-possible", "note": null,
                        "by": null,
                        "choices": ["refund", "paid_back_by_hand"] } ],
                  "nextCursor": null }
                """
            )
            .Produces<Page<MoneyCase>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Contracts.ListMoneyCases>
    {
        public Validator()
        {
            RuleFor(request => request.Cursor).IsCursor();
            RuleFor(request => request.Limit).InclusiveBetween(1, Cursor.LargestLimit);
        }
    }

    internal sealed class Handler(IPaymentStore store, IMoneyStore money)
        : IRequestHandler<Contracts.ListMoneyCases, Result<Page<MoneyCase>>>
    {
        public async Task<Result<Page<MoneyCase>>> Handle(Contracts.ListMoneyCases request, CancellationToken cancellationToken)
        {
            Cursor? from = Cursor.TryParse(request.Cursor, out var cursor) ? cursor : null;
            List<MoneyCase> cases = [];
            if (from is not { Value: InPayments })
            {
                var unmatched = await money.ListAsync(!request.All, from?.Id ?? Guid.Empty, request.Limit + 1);
                cases.AddRange(unmatched.Take(request.Limit).SelectMany(MoneyCases.Of).Where(one => request.All || one.IsOpen));
                if (unmatched.Count > request.Limit)
                {
                    return new Page<MoneyCase>(cases, new Cursor(InUnmatched, unmatched[request.Limit - 1].Id).ToString());
                }
            }

            Guid? before = from is { Value: InPayments } ? from.Value.Id : null;
            var payments = await store.ListCasesAsync(!request.All, before, request.Limit + 1);
            foreach (var (payment, isLast) in payments.Select((payment, i) => (payment, i == payments.Count - 1)))
            {
                if (cases.Count >= request.Limit && before is { } reached)
                {
                    return new Page<MoneyCase>(cases, new Cursor(InPayments, reached).ToString());
                }

                cases.AddRange(MoneyCases.Of(payment).Where(one => request.All || one.IsOpen));
                before = payment.Id;
                if (isLast && payments.Count > request.Limit)
                {
                    return new Page<MoneyCase>(cases, new Cursor(InPayments, payment.Id).ToString());
                }
            }

            return new Page<MoneyCase>(cases, null);
        }
    }
}
