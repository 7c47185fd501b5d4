namespace TicketBooth.ArchitectureTests;

public sealed class ContractTests
{
    [Test]
    public void Contracts_are_public_sealed_records_enums_or_interfaces() => ContractRules.Types_are_public_sealed_records_enums_or_interfaces(Repository.Modules).MustHold();

    [Test]
    public void Contracts_have_a_summary() => ContractRules.Types_have_a_summary(Repository.Modules).MustHold();

    [Test]
    public void Contracts_know_only_contracts_and_the_kernel() => ContractRules.Types_know_only_contracts_and_the_kernel(
        Repository.Projects.Where(project => project.Name.EndsWith(".Contracts", StringComparison.Ordinal))).MustHold();

    [Test]
    public void Another_form_of_contract_is_noticed() => Assert.That(
        ContractRules.Types_are_public_sealed_records_enums_or_interfaces(GuiltyModules.Modules).Short(),
        Is.EqualTo(["Alpha.Contracts.Hidden is not public", "Alpha.Contracts.NotARecord is no record, enum or interface", "Alpha.Contracts.Unsealed is not sealed"]));

    [Test]
    public void A_contract_without_a_summary_is_noticed() => Assert.That(
        ContractRules.Types_have_a_summary(GuiltyModules.Modules).Short(),
        Is.EqualTo(["Alpha.Contracts.Undocumented has no summary", "Alpha.Contracts.WithoutSummary has no summary"]));

    [Test]
    public void A_contract_that_knows_too_much_is_noticed() => Assert.That(
        ContractRules.Types_know_only_contracts_and_the_kernel([GuiltyModules.Project("Alpha.Contracts")]).Short(),
        Is.EqualTo([
            "Alpha.Contracts.Composed uses TicketBooth.BuildingBlocks.Messaging.Modules.IModule",
            "Alpha.Contracts.Leaky uses Alpha.Internals",
            "Alpha.Contracts.Nested uses TicketBooth.BuildingBlocks.Messaging.Modules.IModule",
            "Alpha.Contracts.Webby uses Microsoft.AspNetCore.Http.HttpContext",
        ]));
}
