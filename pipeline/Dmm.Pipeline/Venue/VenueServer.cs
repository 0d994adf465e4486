using System.Net;
using Dmm.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Dmm.Pipeline.Venue;

/// <summary>
/// The simulated venue on loopback, by the protocol of the generic HMAC venue. It lives until it is disposed of, or until the market ends by a fault;
/// the account and its orders live exactly as long, whoever comes and goes.
/// </summary>
internal sealed class VenueServer : IAsyncDisposable
{
    /// <summary>Web sockets at a time.</summary>
    public const int SessionsMax = 64;

    private const int ConnectionsMax = 256;
    private const int RequestLengthMax = 16 << 10;

    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly VenueListing _listing;
    private readonly VenueAuthority _authority;
    private readonly VenueRest _rest;
    private readonly VenueWebhook? _webhook;
    private readonly CancellationTokenSource _stop = new();

    private VenueServer(VenueSettings settings, TimeProvider time)
    {
        _time = time;
        _authority = new(settings.Credentials, time);
        _webhook = settings.Webhook is { } address ? new(address, settings.Credentials, time) : null;
        Market = new(new VenueMarket(settings, Timestamp.From(time.GetUtcNow()), _webhook is null ? null : _webhook.Post), time);
        _listing = settings.Listing;
        _rest = new(_listing, _authority, Market);
        _app = Build(settings.Port);
        _app.UseWebSockets();
        _app.Run(HandleAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; private set; } = null!;

    public MarketThread Market { get; }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="ParameterException">The scenario has faults.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<VenueServer> StartAsync(VenueSettings settings, TimeProvider time)
    {
        var server = new VenueServer(settings, time);
        try
        {
            await server._app.StartAsync();
            server.Url = new(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Disconnects everybody and ends the market.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        Market.Dispose();
        if (_webhook is not null) await _webhook.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Nothing but what is said here has a say: no settings file, environment or command line of the framework's own.</summary>
    private static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MaxConcurrentUpgradedConnections = SessionsMax;
            kestrel.Limits.MaxRequestBodySize = RequestLengthMax;
        });
        return builder.Build();
    }

    private Task HandleAsync(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest && context.Request.Path == "/v1/stream" ? ServeAsync(context) : _rest.HandleAsync(context);

    private async Task ServeAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var session = new VenueSession(socket, _listing, _authority, Market, _time);
        using var stopping = _stop.Token.Register(session.Drop);
        await session.RunAsync();
    }
}
