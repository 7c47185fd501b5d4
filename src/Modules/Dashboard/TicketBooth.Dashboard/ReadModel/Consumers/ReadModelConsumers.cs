using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.Dashboard.ReadModel.Writing;

namespace TicketBooth.Dashboard.ReadModel.Consumers;

/// <summary>Everything that keeps the read model current from the other modules' messages.</summary>
internal static class ReadModelConsumers
{
    public static void AddTo(ModuleConsumers consumers) =>
        consumers
            .Add<AddOrderWhenOrderPlaced>()
            .Add<MarkOrderPaidWhenOrderPaid>()
            .Add<EndOrderWhenOrderExpired>()
            .Add<EndOrderWhenOrderCanceled>()
            .Add<EndOrderWhenOrderRefunded>()
            .Add<AddRefundWhenOrderPartlyRefunded>()
            .Add<ChangeRefundsWhenOrderRefundsChanged>()
            .Add<MarkOrderWhenOrderDisputed>()
            .Add<AddPaymentWhenPaymentStarted>()
            .Add<MarkPaymentCapturedWhenPaymentConfirmed>()
            .Add<MarkPaymentDeclinedWhenPaymentDeclined>()
            .Add<MarkPaymentRefundedWhenPaymentRefunded>()
            .Add<MarkRefundFailedWhenRefundFailed>()
            .Add<MarkRefundOwedWhenRefundTriedAgain>()
            .Add<MarkRefundOwedWhenRefundDue>()
            .Add<AddEventWhenEventPublished>()
            .Add<RefreshEventWhenEventChanged>()
            .Add<RefreshEventWhenEventCanceled>()
            .Add<RefreshEventWhenTicketPriceChanged>()
            .Add<AddPassageWhenTicketCheckedIn>()
            .Add<AddPassageWhenTicketCheckedOut>()
            .Add<UndoPassageWhenCheckInUndone>()
            .ApplyInBatches<ReadModelUpdate>()
            .YieldToSales();
}
