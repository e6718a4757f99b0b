using System.Security.Cryptography;
using System.Text.Json;
using Jarn.Models;
using Jarn.Runner.Experiments.Runs;

namespace Jarn.Runner.Experiments.Evaluation;

/// <summary>Everything that the result of AutoAttack depends on. If two are equal, so are the results.</summary>
/// <param name="Model">SHA-256 of the classifier's file, in hexadecimal.</param>
/// <param name="Dataset">The name of the images' data set.</param>
/// <param name="Images">The number of images in the <see cref="BalancedSubset"/>.</param>
/// <param name="Epsilon">In units of the pixel range [0, 1].</param>
/// <param name="Seed">The seed of the attacks.</param>
public sealed record AutoAttackSubject(string Model, string Dataset, int Images, double Epsilon, ulong Seed);

/// <summary>
/// Where AutoAttack's steps are kept: a safetensors file with the adversarial images found so far, [M, H·W·C] in the order of the images, and the
/// record as JSON among its metadata. It is written whole after each step, so that record and images always belong together.
/// </summary>
/// <param name="path">The path of the file.</param>
/// <param name="subject">A file that was written for another subject is refused.</param>
public sealed class AutoAttackFile(string path, AutoAttackSubject subject) : IAutoAttackStore
{
    private const string SubjectKey = "jarn_autoattack_subject", RecordKey = "jarn_autoattack", Tensor = "adversarial";

    private const string Remedy = "delete it to begin anew, or give another folder";

    /// <summary>A file of its own for each subject and each choice of attacks.</summary>
    public static AutoAttackFile In(string folder, AutoAttackSubject subject, IEnumerable<Attack> attacks)
    {
        byte[] settings = JsonSerializer.SerializeToUtf8Bytes((object[])[subject, .. attacks.Select(attack => attack.Name)], JsonFile.Compact);
        return new AutoAttackFile(
            Path.Combine(folder, $"autoattack-{Convert.ToHexStringLower(SHA256.HashData(settings))[..8]}.safetensors"), subject);
    }

    /// <summary>Whether a step has been kept.</summary>
    public bool Exists => File.Exists(path);

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public void Write(AutoAttackRecord record, AttackedImages images, float[] adversarial)
    {
        AttackedImages found = images.Select(record.Adversarial, adversarial);
        SafeTensors.Write(path, [new NamedTensor(Tensor, [found.Count, images.PixelsPerImage], found.Pixels)], new Dictionary<string, string>
        {
            [SubjectKey] = JsonSerializer.Serialize(subject, JsonFile.Compact),
            [RecordKey] = JsonSerializer.Serialize(record, JsonFile.Compact),
        });
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">The file is damaged, or of another classifier, other images or other attacks.</exception>
    public AutoAttackRecord? Read(IReadOnlyList<string> attacks, AttackedImages images, Span<float> adversarial)
    {
        if (!Exists)
        {
            return null;
        }
        TensorFile file = SafeTensors.Read(path);
        AutoAttackRecord record;
        try
        {
            if (Metadata<AutoAttackSubject>(file, SubjectKey) != subject)
            {
                throw new UserErrorException($"{path} is of another classifier, other images, another ε or another seed: {Remedy}");
            }
            record = Metadata<AutoAttackRecord>(file, RecordKey);
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"{path} cannot be understood ({exception.Message.TrimEnd('.')}): {Remedy}", exception);
        }
        if (!record.Attacks.SequenceEqual(attacks))
        {
            throw new UserErrorException(
                $"{path} is of {string.Join(", ", record.Attacks)}, and {string.Join(", ", attacks)} are to be run: {Remedy}");
        }
        IReadOnlyList<int> rows = record.FallenTo.Count == images.Count ? record.Adversarial : [];
        int length = images.PixelsPerImage;
        if (record.FallenTo.Count != images.Count || record.Passes.Count != attacks.Count
            || file.Tensors is not [{ Name: Tensor } found] || found.Values.Length != rows.Count * length)
        {
            throw new UserErrorException($"{path} is damaged, its record and its images disagree: {Remedy}");
        }
        for (int i = 0; i < rows.Count; i++)
        {
            found.Values.AsSpan(i * length, length).CopyTo(adversarial.Slice(rows[i] * length, length));
        }
        return record;
    }

    private static T Metadata<T>(TensorFile file, string key) => JsonSerializer.Deserialize<T>(
        file.Metadata.TryGetValue(key, out string? json) ? json : throw new JsonException($"there is no {key}"), JsonFile.Compact)
        ?? throw new JsonException($"{key} is null");
}
