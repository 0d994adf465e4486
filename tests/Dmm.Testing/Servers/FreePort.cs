using System.Net;
using System.Net.Sockets;

namespace Dmm.Testing.Servers;

/// <summary>Ports on loopback that nobody uses.</summary>
public static class FreePort
{
    /// <summary>One that was free a moment ago; somebody else may take it before it is used.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
