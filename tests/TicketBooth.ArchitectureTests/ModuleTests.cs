namespace TicketBooth.ArchitectureTests;

public sealed class ModuleTests
{
    [Test]
    public void There_are_modules() => Assert.That(Repository.Modules, Has.Count.GreaterThanOrEqualTo(5));

    [Test]
    public void Each_module_has_one_module_class_named_for_it() => ModuleRules.Each_has_one_module_class_named_for_it(Repository.Modules).MustHold();

    [Test]
    public void Only_the_module_class_and_pages_are_public() => ModuleRules.Only_the_module_class_and_pages_are_public(Repository.Modules).MustHold();

    [Test]
    public void Classes_are_sealed_static_or_abstract() => ModuleRules.Classes_are_sealed_static_or_abstract(Repository.Modules).MustHold();

    [Test]
    public void Handlers_validators_and_consumers_are_sealed() => ModuleRules.Handlers_validators_and_consumers_are_sealed(Repository.Modules).MustHold();

    [Test]
    public void Slices_do_not_use_each_others_nested_types() =>
        ModuleRules.Slices_do_not_use_each_others_nested_types(Repository.Modules, Architectures.OfModules).MustHold();

    [Test]
    public void Messages_go_out_by_the_outbox_only() => ModuleRules.Messages_go_out_by_the_outbox_only(Repository.Modules, Architectures.OfModules).MustHold();

    [Test]
    public void A_module_class_of_another_name_is_noticed() => Assert.That(
        ModuleRules.Each_has_one_module_class_named_for_it(GuiltyModules.Modules).Short(),
        Is.EqualTo(["Beta has the module classes [SomeModule], not one BetaModule"]));

    [Test]
    public void A_second_public_type_is_noticed() => Assert.That(
        ModuleRules.Only_the_module_class_and_pages_are_public(GuiltyModules.Modules).Short(),
        Is.EqualTo(["Alpha.BackDoor is public"]));

    [Test]
    public void An_open_class_is_noticed() => Assert.That(
        ModuleRules.Classes_are_sealed_static_or_abstract(GuiltyModules.Modules).Short(),
        Is.EqualTo([
            "Alpha.Internals is neither sealed, static nor abstract",
            "Alpha.Unsealing+Consumer is neither sealed, static nor abstract",
            "Alpha.Unsealing+Handler is neither sealed, static nor abstract",
        ]));

    [Test]
    public void An_unsealed_handler_validator_or_consumer_is_noticed() => Assert.That(
        ModuleRules.Handlers_validators_and_consumers_are_sealed(GuiltyModules.Modules).Short(),
        Is.EqualTo(["Alpha.Unsealing+Consumer is not sealed", "Alpha.Unsealing+Handler is not sealed", "Alpha.Unsealing+Validator is not sealed"]));

    [Test]
    public void A_slice_that_uses_another_is_noticed_even_in_a_lambda_or_an_async_method() => Assert.That(
        ModuleRules.Slices_do_not_use_each_others_nested_types(GuiltyModules.Modules, GuiltyModules.Architecture).Short(),
        Is.EqualTo([
            "Alpha.Nosy uses Alpha.Innocent+Answer",
            "Alpha.Nosy uses Alpha.Validating+Validator",
            "Alpha.Nosy+Handler uses Alpha.Innocent+Answer",
        ]));

    [Test]
    public void A_message_that_goes_around_the_outbox_is_noticed() => Assert.That(
        ModuleRules.Messages_go_out_by_the_outbox_only(GuiltyModules.Modules, GuiltyModules.Architecture).Short(),
        Is.EqualTo([
            "Alpha.Shouting uses MassTransit.IBus",
            "Alpha.Shouting uses MassTransit.IPublishEndpoint",
            "Alpha.Unsealing+Consumer uses MassTransit.IPublishEndpoint",
        ]));

    [Test]
    public void A_rule_without_subjects_does_not_hold() => Assert.That(
        () => ModuleRules.Only_the_module_class_and_pages_are_public([]).MustHold(), Throws.InstanceOf<AssertionException>().With.Message.Contains("nothing to judge"));
}
