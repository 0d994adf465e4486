using System.Net.Sockets;
using Dmm.Core.Ports;
using Npgsql;

namespace Dmm.Sinks.Archive;

/// <summary>What a failure of the server means for a sink, in words. Knows no secret: a server is named by its host and database.</summary>
internal static class PostgresFaults
{
    /// <summary>What may be tried again at once, since the server undid all of it: a deadlock, or a conflict with another transaction.</summary>
    public static bool IsConflict(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>The connection was cut while it lay idle or was used: a new one may do better. A time-out is no cut: it has cost enough.</summary>
    public static bool IsCut(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        PostgresException => false,
        NpgsqlException { InnerException: IOException or SocketException } => !Causes(failure).Any(IsTimeout),
        _ => false,
    };

    public static bool IsOurs(Exception failure) => failure is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <param name="place">Host, port and database.</param>
    /// <param name="failure">What <see cref="IsOurs"/> takes.</param>
    /// <param name="deed">What was tried: read or written.</param>
    public static SinkException Told(string place, Exception failure, string deed) => failure switch
    {
        PostgresException refused => Told(place, refused, deed),
        _ when Causes(failure).Any(IsTimeout) => Unusable(place, "the server does not answer in time", failure, deed),
        _ when Causes(failure).OfType<SocketException>().FirstOrDefault() is { } unreachable =>
            Unusable(place, $"the server cannot be reached: {unreachable.Message}", failure, deed),
        _ => Unusable(place, $"the connection failed: {failure.Message}", failure, deed),
    };

    private static SinkException Told(string place, PostgresException refused, string deed) => refused.SqlState switch
    {
        PostgresErrorCodes.DiskFull => Unusable(place, "the server's disk is full", refused, deed),
        PostgresErrorCodes.TooManyConnections => Unusable(place, "the server has no connection left", refused, deed),
        PostgresErrorCodes.ReadOnlySqlTransaction => Unusable(place, "the server is read-only", refused, deed),
        PostgresErrorCodes.DeadlockDetected => Unusable(place, "deadlock with another transaction, again and again", refused, deed),
        PostgresErrorCodes.SerializationFailure => Unusable(place, "conflict with another transaction, again and again", refused, deed),
        PostgresErrorCodes.LockNotAvailable => Unusable(place, "another process holds it", refused, deed),
        PostgresErrorCodes.QueryCanceled => Unusable(place, "the server does not answer in time", refused, deed),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            Unusable(place, "the server refuses the user or its password", refused, deed),
        PostgresErrorCodes.InvalidCatalogName => Unusable(place, "the server has no such database", refused, deed),
        PostgresErrorCodes.InsufficientPrivilege => Unusable(place, $"the user lacks a right: {refused.MessageText}", refused, deed),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            Unusable(place, $"the server is starting or going down: {refused.MessageText}", refused, deed),
        // Insufficient resources, operator intervention, errors of its own disk: it may recover.
        ['5', '3' or '7' or '8', ..] => Unusable(place, refused.MessageText, refused, deed),
        ['0', '8', ..] => Unusable(place, $"the connection failed: {refused.MessageText}", refused, deed),
        _ => new(SinkFault.Damaged, $"{place}: the archive refuses what is to be {deed}, or is damaged: {refused.SqlState}: {refused.MessageText}; "
            + "drop its schema dmm, and it is made again from the journals", refused),
    };

    private static bool IsTimeout(Exception cause) =>
        cause is TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };

    private static SinkException Unusable(string place, string why, Exception failure, string deed) =>
        new(SinkFault.Unwritable, $"{place}: the archive cannot be {deed}: {why}", failure);

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException) yield return cause;
    }
}
