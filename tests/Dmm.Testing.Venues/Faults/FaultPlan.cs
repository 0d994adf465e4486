using Dmm.Simulation;

namespace Dmm.Testing.Venues;

/// <summary>
/// What is to go wrong at a venue: rules, the oldest first. A request or frame takes up the first rule of its kind that is not used up, and for
/// requests one
/// rule of each further call made for it. Thread-safe.
/// </summary>
public sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<Rule<FakeRequest, RequestFault[]>> _requests = [];
    private readonly List<Rule<FrameKind, FrameFault>> _frames = [];

    /// <summary>The next requests of that operation meet these faults, all of them, as far as their order on the way allows.</summary>
    public void Next(VenueOperation operation, params RequestFault[] faults) => Add(r => r.Operation == operation, times: 1, faults);

    /// <summary>So many requests for which it holds meet these faults; <see cref="int.MaxValue"/> for all until <see cref="Clear"/>.</summary>
    public void Add(Func<FakeRequest, bool> isMeant, int times, params RequestFault[] faults)
    {
        lock (_lock) _requests.Add(new(isMeant, times, faults));
    }

    /// <summary>
    /// The next frame of that kind meets the fault, once <paramref name="after"/> others of the kind have passed.
    /// </summary>
    public void Next(FrameKind kinds, FrameFault fault, int times = 1, int after = 0)
    {
        lock (_lock) _frames.Add(new(k => (k & kinds) != 0, times, fault) { After = after });
    }

    /// <summary>
    /// From now on each request and frame meets a fault with its chance, as the seed has it: the first of a line whose chance comes true.
    /// </summary>
    public void Chance(
        long seed, IReadOnlyList<(Func<FakeRequest, bool> IsMeant, double Chance, RequestFault Fault)> requests,
        IReadOnlyList<(FrameKind Kinds, double Chance, FrameFault Fault)> frames)
    {
        var (ofRequests, ofFrames) = (SeededRandom.For(seed, "requests"), SeededRandom.For(seed, "frames"));
        lock (_lock)
        {
            foreach (var (isMeant, chance, fault) in requests)
                _requests.Add(new(r => isMeant(r) && ofRequests.NextBool(chance), int.MaxValue, [fault]));
            foreach (var (kinds, chance, fault) in frames)
                _frames.Add(new(k => (k & kinds) != 0 && ofFrames.NextBool(chance), int.MaxValue, fault));
        }
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _frames.Clear();
        }
    }

    internal RequestFault[] For(FakeRequest request)
    {
        lock (_lock) return Take(_requests, request) ?? [];
    }

    internal FrameFault? For(FrameKind kind)
    {
        lock (_lock) return Take(_frames, kind);
    }

    private static TFault? Take<T, TFault>(List<Rule<T, TFault>> rules, T traffic)
        where TFault : class
    {
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (!rule.IsMeant(traffic)) continue;
            if (rule.After > 0)
            {
                rule.After--;
                continue;
            }

            if (rule.Times != int.MaxValue && --rule.Times == 0) rules.RemoveAt(i);
            return rule.Fault;
        }

        return null;
    }

    private sealed class Rule<T, TFault>(Func<T, bool> isMeant, int times, TFault fault)
    {
        public Func<T, bool> IsMeant => isMeant;

        public TFault Fault => fault;

        public int Times { get; set; } = times;

        public int After { get; set; }
    }
}
