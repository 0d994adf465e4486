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

    public static SinkException Told(string place, Exception failure) => failure switch
    {
        PostgresException refused => Told(place, refused),
        _ when Causes(failure).Any(IsTimeout) => Unwritable(place, "the server does not answer in time", failure),
        _ when Causes(failure).OfType<SocketException>().FirstOrDefault() is { } unreachable =>
            Unwritable(place, $"the server cannot be reached: {unreachable.Message}", failure),
        _ => Unwritable(place, $"the connection failed: {failure.Message}", failure),
    };

    private static SinkException Told(string place, PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.DiskFull => Unwritable(place, "the server's disk is full", refused),
        PostgresErrorCodes.TooManyConnections => Unwritable(place, "the server has no connection left", refused),
        PostgresErrorCodes.ReadOnlySqlTransaction => Unwritable(place, "the server is read-only", refused),
        PostgresErrorCodes.DeadlockDetected => Unwritable(place, "deadlock with another transaction, again and again", refused),
        PostgresErrorCodes.SerializationFailure => Unwritable(place, "conflict with another transaction, again and again", refused),
        PostgresErrorCodes.LockNotAvailable => Unwritable(place, "another process holds it", refused),
        PostgresErrorCodes.QueryCanceled => Unwritable(place, "the server does not answer in time", refused),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            Unwritable(place, "the server refuses the user or its password", refused),
        PostgresErrorCodes.InvalidCatalogName => Unwritable(place, "the server has no such database", refused),
        PostgresErrorCodes.InsufficientPrivilege => Unwritable(place, $"the user lacks a right: {refused.MessageText}", refused),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            Unwritable(place, $"the server is starting or going down: {refused.MessageText}", refused),
        // Insufficient resources, operator intervention, errors of its own disk: it may recover.
        ['5', '3' or '7' or '8', ..] => Unwritable(place, refused.MessageText, refused),
        ['0', '8', ..] => Unwritable(place, $"the connection failed: {refused.MessageText}", refused),
        _ => new(SinkFault.Damaged, $"{place}: the archive refuses what is to be written, or is damaged: {refused.SqlState}: {refused.MessageText}; "
            + "drop its schema dmm, and it is made again from the journals", refused),
    };

    private static bool IsTimeout(Exception cause) =>
        cause is TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };

    private static SinkException Unwritable(string place, string why, Exception failure) =>
        new(SinkFault.Unwritable, $"{place}: the archive cannot be written: {why}", failure);

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException) yield return cause;
    }
}
