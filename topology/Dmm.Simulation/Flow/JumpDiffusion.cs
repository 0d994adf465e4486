using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>
/// A price by jump-diffusion on a fixed grid of time. It is computed when somebody asks, so that it costs no event of its own; the path is a function of
/// the seed alone, whoever asks and when. Busy hours multiply volatility and the rate of jumps. It stays within a hundredth and a hundredfold of its start.
/// </summary>
internal sealed class JumpDiffusion
{
    private const double LogBound = 4.6;

    private readonly PriceParameters _parameters;
    private readonly DailyProfile _profile;
    private readonly SeededRandom _diffusion;
    private readonly SeededRandom _jumps;
    private readonly SeededRandom _turns;
    private readonly double _stepSeconds;
    private readonly double _stepVolatility;
    private Timestamp _at;
    private double _log;
    private double _price;
    private double _drift;
    private double _untilJump;
    private double _untilTurn;

    /// <param name="parameters">How the price moves.</param>
    /// <param name="profile">Busy and quiet hours.</param>
    /// <param name="start">When it has its initial price.</param>
    /// <param name="seed">Of the whole simulation.</param>
    /// <param name="name">Names this price's streams of chance.</param>
    public JumpDiffusion(PriceParameters parameters, DailyProfile profile, Timestamp start, long seed, string name)
    {
        (_parameters, _profile, _at, _price) = (parameters, profile, start, parameters.InitialPrice);
        _diffusion = SeededRandom.For(seed, $"{name}/diffusion");
        _jumps = SeededRandom.For(seed, $"{name}/jumps");
        _turns = SeededRandom.For(seed, $"{name}/turns");
        _stepSeconds = parameters.Step.TotalSeconds;
        _stepVolatility = parameters.VolatilityBps * 1e-4 * Math.Sqrt(_stepSeconds);
        _drift = parameters.DriftBps * 1e-4;
        _untilJump = _jumps.NextExponential(1);
        _untilTurn = _turns.NextExponential(1);
    }

    /// <summary>Where the price drifts, as of the time last asked for: 1 up, −1 down, 0 nowhere.</summary>
    public int Trend => Math.Sign(_drift);

    /// <summary>Jumps so far.</summary>
    public long Jumps { get; private set; }

    /// <summary>The price at the last point of the grid up to a time, which must not lie before the time last asked for.</summary>
    public double At(Timestamp time)
    {
        if (_at + _parameters.Step > time) return _price;
        while (_at + _parameters.Step <= time) Move();
        return _price = _parameters.InitialPrice * Math.Exp(_log);
    }

    private void Move()
    {
        var activity = _profile.At(_at);
        _at += _parameters.Step;
        var log = _log + _drift * _stepSeconds + activity * _stepVolatility * _diffusion.NextGaussian();

        // Waiting times count down in expected jumps, and not in seconds, because the rate changes over the day.
        _untilJump -= activity * _parameters.JumpsPerHour / 3600 * _stepSeconds;
        while (_untilJump <= 0)
        {
            _untilJump += _jumps.NextExponential(1);
            var size = _parameters.JumpSizeBps * 1e-4 * _jumps.NextExponential(1);
            log += _jumps.NextBool(0.5) ? size : -size;
            Jumps++;
        }

        _log = Math.Clamp(log, -LogBound, LogBound);
        Turn();
    }

    private void Turn()
    {
        if (_parameters.DriftTurnsAfter is not { } mean) return;
        _untilTurn -= _parameters.Step / mean;
        while (_untilTurn <= 0)
        {
            _untilTurn += _turns.NextExponential(1);
            _drift = -_drift;
        }
    }
}
