using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Jarn.Models;
using Jarn.Runner.Experiments.Evaluation;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Auditing;

/// <summary>
/// The audits of a classifier, one file for each choice of settings: <c>audits/n1000-eps0.3-seed0.json</c> in its folder, with AutoAttack's state
/// beside it. The same settings again refresh their file; other settings never touch it.
/// </summary>
public sealed partial class AuditStore
{
    /// <summary>The name of the folder beside the classifier's file.</summary>
    public const string FolderName = "audits";

    /// <summary>The name that older versions gave to the only audit of a folder.</summary>
    private const string OlderName = "audit.json";

    private readonly string _parent, _prefix;

    private AuditStore(string parent, string prefix) => (_parent, _prefix) = (parent, prefix);

    private string Folder => Path.Combine(_parent, FolderName);

    /// <param name="checkpoint">A run's folder, its model.safetensors, or another model file; it need not exist.</param>
    public static AuditStore Of(string checkpoint)
    {
        string model = ModelFile.PathOf(checkpoint), stem = Path.GetFileNameWithoutExtension(model);
        string whole = Path.GetDirectoryName(Path.GetFullPath(model))!;
        // A run deletes its checkpoints when it is finished; their audits stay.
        bool isOfTraining = Path.GetDirectoryName(whole) is string run && RunDirectory.Existing(run).Checkpoints == whole;
        string parent = isOfTraining ? Path.GetDirectoryName(whole)! : Path.GetDirectoryName(model) is { Length: > 0 } given ? given : ".";
        return new AuditStore(parent, Path.GetFileName(model) == ModelFile.Name ? "" : $"{stem}-");
    }

    /// <summary>The path of an audit. Its file name has every setting that distinguishes audits of a classifier.</summary>
    public string PathOf(AuditResults audit)
    {
        StringBuilder name = new(_prefix);
        name.Append(CultureInfo.InvariantCulture, $"n{audit.Examples}-eps{PerturbationSize.Text(audit.Epsilon).Replace('/', '-')}-seed{audit.Seed}");
        name.Append(audit.IsPlus ? "-plus" : "");
        name.Append(audit.BnMode == BatchStatistics.Batch ? "-bn-batch" : "");
        name.Append(audit.Dataset == audit.TrainedOn ? "" : $"-on-{Unsafe().Replace(audit.Dataset, "_")}");
        name.Append(audit.Sources.Count == 0 ? "" : $"-sources-{Digest(audit.Sources)}");
        return Path.Combine(Folder, $"{name}.json");
    }

    /// <summary>Creates the folder, so that an audit doesn't fail at its end.</summary>
    /// <exception cref="UserErrorException">The folder can't be created or written.</exception>
    public void Prepare() => WritableFolder.Create(Folder, "--checkpoint");

    /// <summary>Writes an audit. It replaces the audit with the same settings, and no other.</summary>
    /// <returns>The path of the file.</returns>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public string Write(AuditResults audit)
    {
        string path = PathOf(audit);
        JsonFile.Write(path, audit);
        return path;
    }

    /// <summary>
    /// The state of an AutoAttack, shared by all audits that it is part of. One that an older version began, beside the model, is continued there.
    /// </summary>
    public AutoAttackFile AutoAttack(AutoAttackSubject subject, IReadOnlyList<Attack> attacks) =>
        AutoAttackFile.In(_parent, subject, attacks) is { Exists: true } older ? older : AutoAttackFile.In(Folder, subject, attacks);

    /// <summary>Reads all audits of the classifier, and selects the one to show.</summary>
    /// <param name="epsilon">ε in the recipe of the classifier, in units of the pixel range [0, 1].</param>
    public AuditSelection Read(double epsilon)
    {
        List<(string Path, AuditResults Audit)> audits = [];
        List<string> unreadable = [];
        foreach (string path in Paths())
        {
            try
            {
                AuditResults audit = JsonFile.Read<AuditResults>(path);
                if (!audits.Exists(other => PathOf(other.Audit) == PathOf(audit)))
                {
                    audits.Add((path, audit));
                }
            }
            catch (UserErrorException)
            {
                unreadable.Add(path);
            }
        }
        AuditResults[] ordered =
        [
            .. audits.Select(entry => entry.Audit).OrderByDescending(audit => audit.IsUsual(epsilon)).ThenByDescending(audit => audit.Examples)
                .ThenByDescending(audit => audit.IsPlus).ThenBy(audit => audit.AutoAttack?.Accuracy),
        ];
        AuditResults? shown = ordered.FirstOrDefault(audit => audit.IsUsual(epsilon));
        return new AuditSelection(shown, shown is null ? ordered : ordered[1..], unreadable);
    }

    /// <summary>The older version's last, so that a newer audit of the same settings counts.</summary>
    private IEnumerable<string> Paths()
    {
        string older = Path.Combine(_parent, OlderName);
        return
        [
            .. (Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.json") : []).Where(IsOfThisModel).Order(StringComparer.Ordinal),
            .. _prefix.Length == 0 && File.Exists(older) ? [older] : Array.Empty<string>(),
        ];
    }

    private bool IsOfThisModel(string path) =>
        Path.GetFileName(path).StartsWith(_prefix, StringComparison.Ordinal) && Settings().IsMatch(Path.GetFileName(path)[_prefix.Length..]);

    private static string Digest(IEnumerable<string> sources) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', sources.Select(Path.GetFullPath).Order(StringComparer.Ordinal)))))[..8];

    [GeneratedRegex(@"\An[0-9]+-eps")]
    private static partial Regex Settings();

    [GeneratedRegex(@"[^A-Za-z0-9._-]")]
    private static partial Regex Unsafe();
}

/// <summary>The audits of one classifier.</summary>
/// <param name="Shown">
/// What pages and tables show: of the audits under the usual conditions (<see cref="AuditResults.IsUsual"/>) the one of the most images. Null where
/// there is none.
/// </param>
/// <param name="Others">The others, those under the usual conditions first.</param>
/// <param name="Unreadable">Paths of damaged files.</param>
public sealed record AuditSelection(AuditResults? Shown, IReadOnlyList<AuditResults> Others, IReadOnlyList<string> Unreadable)
{
    /// <summary>All audits that can be read.</summary>
    public IEnumerable<AuditResults> All => Shown is null ? Others : Others.Prepend(Shown);

    /// <summary>Whether there is anything to tell.</summary>
    public bool IsEmpty => Shown is null && Others.Count == 0 && Unreadable.Count == 0;
}
