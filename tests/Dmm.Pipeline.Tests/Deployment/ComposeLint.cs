using System.Text.RegularExpressions;

namespace Dmm.Pipeline.Tests.Deployment;

/// <summary>What every compose file of ours must hold, whatever it is of; each rule gives the faults it finds.</summary>
internal static partial class ComposeLint
{
    public static IEnumerable<string> Images(ComposeFile file) =>
        from service in file.Services
        let image = service["image"].Text
        where !PinnedImage().IsMatch(image)
        select $"{service.Name}: the image '{image}' is not pinned to a version";

    public static IEnumerable<string> Limits(ComposeFile file)
    {
        foreach (var service in file.Services)
        {
            var limits = service["deploy"]["resources"]["limits"];
            foreach (var name in (string[])["cpus", "memory", "pids"])
                if (!limits[name].Exists) yield return $"{service.Name}: no limit on {name}";
            foreach (var name in (string[])["max-size", "max-file"])
                if (!service["logging"]["options"][name].Exists) yield return $"{service.Name}: its log has no {name}";
        }
    }

    public static IEnumerable<string> Restarts(ComposeFile file) =>
        from service in file.Services
        let expected = file.IsOneShot(service) ? "on-failure" : "unless-stopped"
        where service["restart"].Text != expected
        select $"{service.Name}: restart is '{service["restart"].Text}', expected {expected}";

    public static IEnumerable<string> HealthChecks(ComposeFile file) =>
        from service in file.Services
        where !file.IsOneShot(service)
        from name in (string[])["test", "interval", "timeout", "retries", "start_period"]
        where !service["healthcheck"][name].Items.Any()
        select $"{service.Name}: its health check has no {name}";

    public static IEnumerable<string> Volumes(ComposeFile file)
    {
        var declared = file.Root["volumes"].Entries.Select(e => e.Key).ToArray();
        var mounts = file.Services.SelectMany(s => s["volumes"].Texts, (s, mount) => (Service: s.Name, Name: mount.Split(':')[0])).ToArray();
        foreach (var service in file.Services.Where(s => !file.IsOneShot(s) && mounts.All(m => m.Service != s.Name)))
            yield return $"{service.Name}: keeps nothing in a volume";
        foreach (var (service, name) in mounts.Where(m => !declared.Contains(m.Name))) yield return $"{service}: the volume {name} is not declared";
        foreach (var name in declared.Where(d => mounts.All(m => m.Name != d))) yield return $"the volume {name} is not used";
        foreach (var shared in mounts.GroupBy(m => m.Name).Where(g => g.Count() > 1)) yield return $"the volume {shared.Key} has several owners";
    }

    /// <summary>A secret comes from the environment, must be set there, and is on no command line.</summary>
    public static IEnumerable<string> Secrets(ComposeFile file)
    {
        foreach (var service in file.Services)
        {
            foreach (var (name, value) in service["environment"].Entries.Where(e => SecretName().IsMatch(e.Key)))
                if (!DemandedValue().IsMatch(value.Text)) yield return $"{service.Name}: {name} is not a bare ${{NAME:?…}}";
            foreach (var (name, value) in service["environment"].Entries)
                if (WrittenPassword().IsMatch(value.Text)) yield return $"{service.Name}: {name} holds a password that is not ${{NAME:?…}}";
            foreach (var word in service["command"].Texts.Concat(service["entrypoint"].Texts).Concat(service["healthcheck"]["test"].Texts))
                if (SecretOnCommandLine().IsMatch(word)) yield return $"{service.Name}: a secret stands on a command line";
        }

        foreach (var (name, form) in file.Variables.Where(v => SecretName().IsMatch(v.Name) && !v.Form.StartsWith(":?", StringComparison.Ordinal)))
            yield return $"${{{name}{form}}} is not demanded by ':?'";
    }

    public static IEnumerable<string> Ports(ComposeFile file)
    {
        foreach (var service in file.Services)
            foreach (var port in service["ports"].Texts)
            {
                if (!LoopbackPort().IsMatch(port)) yield return $"{service.Name}: the port {port} is open to other machines";
                if (service.Networks.All(n => file.Root["networks"][n]["internal"].Text == "true"))
                    yield return $"{service.Name}: {port} is published from internal networks alone, which have no ports";
            }
    }

    public static IEnumerable<string> Networks(ComposeFile file)
    {
        var declared = file.Root["networks"].Entries.Select(e => e.Key).ToArray();
        foreach (var service in file.Services.Where(s => !s.Networks.Any())) yield return $"{service.Name}: is on the default network";
        foreach (var service in file.Services)
            foreach (var name in service.Networks.Except(declared)) yield return $"{service.Name}: the network {name} is not declared";
        if (file.Root["networks"].Entries.All(n => n.Value["internal"].Text != "true")) yield return "no network is internal";
    }

    public static IEnumerable<string> Hardening(ComposeFile file)
    {
        foreach (var service in file.Services)
        {
            if (!service["security_opt"].Texts.Contains("no-new-privileges:true")) yield return $"{service.Name}: may gain privileges";
            if (service["privileged"].Exists || service["cap_add"].Exists || service["user"].Text is "root" or "0")
                yield return $"{service.Name}: has more rights than a service needs";
        }

        foreach (var service in file.Ours)
        {
            if (service["read_only"].Text != "true") yield return $"{service.Name}: its root file system can be written";
            if (!service["tmpfs"].Texts.Any(t => t.StartsWith("/tmp:size=", StringComparison.Ordinal)))
                yield return $"{service.Name}: no bounded /tmp";
            if (!service["cap_drop"].Texts.SequenceEqual(["ALL"])) yield return $"{service.Name}: keeps capabilities";
        }
    }

    public static IEnumerable<string> Dependencies(ComposeFile file)
    {
        foreach (var service in file.Services)
            foreach (var (name, condition) in service.DependsOn)
            {
                if (file.Services.FirstOrDefault(s => s.Name == name) is not { } target)
                    yield return $"{service.Name}: waits for {name}, which is not there";
                else if (condition == "service_healthy" && !target["healthcheck"].Exists)
                    yield return $"{service.Name}: {name} never becomes healthy";
                else if (condition is not ("service_healthy" or "service_completed_successfully"))
                    yield return $"{service.Name}: the condition '{condition}' on {name}";
            }
    }

    [GeneratedRegex(@"^(dmm:\$\{DMM_TAG:\?[^}]+\}|[a-z0-9./-]+:[a-z0-9-]*[0-9]+\.[0-9]+\.[0-9]+[a-z0-9.-]*)$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex("(PASSWORD|SECRET|TOKEN|AUTH|_KEY)$")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"^\$\{\w+:\?[^}]+\}$")]
    private static partial Regex DemandedValue();

    [GeneratedRegex(@"password=(?!\$\{\w+:\?)", RegexOptions.IgnoreCase)]
    private static partial Regex WrittenPassword();

    [GeneratedRegex(@"\$\{\w*(PASSWORD|SECRET|TOKEN|_KEY)|(requirepass|--pass|-a) (?!\$\$)", RegexOptions.IgnoreCase)]
    private static partial Regex SecretOnCommandLine();

    [GeneratedRegex("^127\\.0\\.0\\.1:[0-9]+:[0-9]+$")]
    private static partial Regex LoopbackPort();
}
