using System.Net;
using Dmm.Testing.Servers;

namespace Dmm.Testing.Venues;

/// <summary>Listeners of HTTP on ports of loopback that nobody uses.</summary>
internal static class LoopbackListener
{
    private const int AttemptsMax = 10;

    public static (HttpListener Listener, Uri Url) Start()
    {
        for (var attempt = 1; ; attempt++)
        {
            var url = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
            var listener = new HttpListener { Prefixes = { url.ToString() } };
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException) when (attempt < AttemptsMax)
            {
                // Somebody took the port meanwhile.
            }
        }
    }
}
