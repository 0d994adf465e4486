using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Driving;
using Dmm.Pipeline.Running;
using Dmm.Topology.Tests.Engine;

namespace Dmm.Pipeline.Tests.Running;

public sealed class DeskRunCloseTests
{
    /// <summary>The engine may end at the very moment at which the way out is closed; the orders at the venue are cancelled after this returns.</summary>
    [Fact]
    public async Task EngineThatEndedMeanwhile_GivesItsFaultInsteadOfThrowing()
    {
        var run = new JournaledRun { OnEffect = _ => throw new InvalidOperationException("a defect") };
        var driver = new LiveDriver(run.Engine, TimeProvider.System, capacity: 16, TimeSpan.FromHours(1));
        var running = driver.RunAsync(CancellationToken.None);
        await driver.WriteAsync(new Input(JournaledRun.Rate()), CancellationToken.None);
        var fault = await Should.ThrowAsync<Exception>(() => running);

        (await DeskRun.CloseAsync(driver, "hmac")).ShouldBe(fault);
    }
}
