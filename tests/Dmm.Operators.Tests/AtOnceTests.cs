using System.Reactive;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;

namespace Dmm.Operators.Tests;

public sealed class AtOnceTests
{
    [Fact]
    public void TriggersOfOneInstant_GiveOneSignalAfterThem()
    {
        var scheduler = new TestScheduler();
        var triggers = scheduler.CreateHotObservable(OnNext(210, 1), OnNext(210, 2), OnNext(230, 3), OnCompleted<int>(250));
        var result = scheduler.Start(() => triggers.AtOnce(scheduler).Validated());
        // The package's scheduler runs what is due at once one tick later.
        result.Messages.ShouldBe([OnNext(211, Unit.Default), OnNext(231, Unit.Default), OnCompleted<Unit>(250)]);
    }

    [Fact]
    public void CompletionWithAPendingSignal_ComesAfterIt()
    {
        var scheduler = new TestScheduler();
        var triggers = scheduler.CreateHotObservable(OnNext(210, 1), OnCompleted<int>(210));
        var result = scheduler.Start(() => triggers.AtOnce(scheduler).Validated());
        result.Messages.ShouldBe([OnNext(211, Unit.Default), OnCompleted<Unit>(211)]);
    }

    [Fact]
    public void Operator_PassesTheMatrix() => OperatorMatrix.Check<int, Unit>(
        (source, scheduler) => source.AtOnce(scheduler), [OnNext(10, 1), OnNext(20, 2), OnNext(30, 3)],
        new() { Completion = Reaction.Completes.WithValues().Later() });
}
