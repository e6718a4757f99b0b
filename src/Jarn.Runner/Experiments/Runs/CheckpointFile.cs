using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using Jarn.Autodiff;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Experiments.Training;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>A tensor of a training contains NaN or infinity: there is nothing to go on from.</summary>
public sealed class NonFiniteStateException(string tensor) : Exception($"{tensor} contains NaN or infinity");

/// <summary>
/// One checkpoint: a safetensors file with the tensors of each <see cref="Learner"/> in the precision of the device, its
/// <see cref="TrainingProgress"/> among the metadata, and as a last tensor the SHA-256 of everything before it.
/// </summary>
public static class CheckpointFile
{
    private const string ProgressKey = "jarn_checkpoint", Checksum = "checksum";

    /// <exception cref="NonFiniteStateException">A value is NaN or infinite; what was at the path stays.</exception>
    /// <exception cref="UserErrorException">The file can't be written; what was at the path stays.</exception>
    public static void Write(string path, TrainingProgress progress, IReadOnlyList<Learner> learners)
    {
        (string Name, Tensor Value)[] tensors = [.. learners.SelectMany(learner => learner.State)];
        List<TensorEntry> entries = SafeTensorsHeader.Layout(
        [
            .. tensors.Select(tensor => (tensor.Name, TypeOn(tensor.Value.Buffer.Device), tensor.Value.Shape.ToArray())),
            (Checksum, SafeTensorsHeader.Single, [SHA256.HashSizeInBytes / sizeof(float)]),
        ]);
        Dictionary<string, string> metadata = new() { ["format"] = "jarn", [ProgressKey] = JsonSerializer.Serialize(progress, JsonFile.Compact) };
        AtomicFile.Write(path, stream =>
        {
            using SHA256 sum = SHA256.Create();
            // Not disposed: where writing failed, nothing is to be flushed while the exception is on its way.
            CryptoStream summed = new(stream, sum, CryptoStreamMode.Write, leaveOpen: true);
            SafeTensorsFormat.WriteHeader(summed, entries, metadata);
            foreach ((string name, Tensor value) in tensors)
            {
                bool isFinite = TypeOn(value.Buffer.Device) == SafeTensorsHeader.Double
                    ? WriteIfFinite<double>(summed, value.ToDoubles()) : WriteIfFinite<float>(summed, value.ToArray());
                if (!isFinite)
                {
                    throw new NonFiniteStateException(name);
                }
            }
            summed.FlushFinalBlock();
            stream.Write(sum.Hash);
        });
    }

    /// <summary>Whether a safetensors file is a checkpoint.</summary>
    public static bool IsCheckpoint(TensorFile file) => file.Metadata.ContainsKey(ProgressKey);

    /// <summary>Reads how far a checkpoint's training had come, and verifies the checksum.</summary>
    /// <exception cref="UserErrorException">The checkpoint is missing or damaged.</exception>
    public static TrainingProgress Verify(string path) => Read(path, stream => Verify(stream, path));

    /// <param name="stream">A seekable stream at its beginning.</param>
    /// <param name="path">Its name, for the messages.</param>
    /// <exception cref="UserErrorException">The checkpoint is damaged.</exception>
    public static TrainingProgress Verify(Stream stream, string path) => Refusing(path, () =>
    {
        RequireChecksum(stream);
        stream.Position = 0;
        return Progress(stream, out _);
    });

    /// <summary>Reads how far a checkpoint's training had come, without reading its tensors or verifying its checksum.</summary>
    /// <exception cref="UserErrorException">The checkpoint is missing or damaged.</exception>
    public static TrainingProgress Peek(string path) => Read(path, stream => Refusing(path, () => Progress(stream, out _)));

    /// <summary>Puts a checkpoint's values in the place of the learners'.</summary>
    /// <exception cref="UserErrorException">The checkpoint is missing, damaged, or holds other tensors.</exception>
    public static TrainingProgress Restore(string path, IReadOnlyList<Learner> learners) => Read(path, stream => Refusing(path, () =>
    {
        TrainingProgress progress = Progress(stream, out List<TensorEntry> entries);
        long start = stream.Position;
        Dictionary<string, TensorEntry> byName = entries.ToDictionary(entry => entry.Name);
        foreach (Learner learner in learners)
        {
            learner.Optimiser.Iteration = progress.Iterations.GetValueOrDefault(learner.Name);
            foreach ((string name, Tensor value) in learner.State)
            {
                if (!byName.Remove(name, out TensorEntry? entry) || !entry.Shape.AsSpan().SequenceEqual(value.Shape.ToArray()))
                {
                    throw new InvalidDataException($"it has no tensor {name} of shape {string.Join('×', value.Shape.ToArray())}");
                }
                stream.Position = start + entry.Begin;
                Upload(stream, entry, value);
            }
        }
        byName.Remove(Checksum);
        return byName.Count == 0
            ? progress
            : throw new InvalidDataException($"it has a tensor {byName.Keys.First()} that this training does not use");
    }));

    private static string TypeOn(IDevice device) =>
        device.Description.ElementBytes == sizeof(double) ? SafeTensorsHeader.Double : SafeTensorsHeader.Single;

    private static bool WriteIfFinite<T>(Stream stream, ReadOnlySpan<T> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (T value in values)
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }
        SafeTensorsFormat.WriteValues(stream, values);
        return true;
    }

    private static void Upload(Stream stream, TensorEntry entry, Tensor tensor)
    {
        IDevice device = tensor.Buffer.Device;
        if (entry.Type == SafeTensorsHeader.Double)
        {
            double[] values = new double[tensor.Length];
            SafeTensorsFormat.ReadValues<double>(stream, values);
            device.Upload(values, tensor.Buffer);
        }
        else
        {
            float[] values = new float[tensor.Length];
            SafeTensorsFormat.ReadValues<float>(stream, values);
            device.Upload(values, tensor.Buffer);
        }
    }

    private static void RequireChecksum(Stream stream)
    {
        long left = stream.Length - SHA256.HashSizeInBytes;
        using IncrementalHash sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[1 << 16];
        while (left > 0)
        {
            int length = (int)Math.Min(left, piece.Length);
            stream.ReadExactly(piece, 0, length);
            sum.AppendData(piece, 0, length);
            left -= length;
        }
        byte[] expected = new byte[SHA256.HashSizeInBytes];
        if (left < 0 || stream.ReadAtLeast(expected, expected.Length, throwOnEndOfStream: false) < expected.Length
            || !expected.AsSpan().SequenceEqual(sum.GetHashAndReset()))
        {
            throw new InvalidDataException("its checksum is wrong");
        }
    }

    private static TrainingProgress Progress(Stream stream, out List<TensorEntry> entries)
    {
        entries = SafeTensorsFormat.ReadHeader(stream, out Dictionary<string, string> metadata);
        if (!metadata.TryGetValue(ProgressKey, out string? json))
        {
            throw new InvalidDataException("its metadata do not say how far the training is");
        }
        try
        {
            TrainingProgress? progress = JsonSerializer.Deserialize<TrainingProgress>(json, JsonFile.Compact);
            return progress is { Step: >= 0 } && progress.Iterations.Values.All(iteration => iteration >= 0 && iteration <= progress.Step) ? progress
                : throw new InvalidDataException("its metadata give an impossible step");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("its metadata are not valid JSON", exception);
        }
    }

    private static T Read<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return read(stream);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({UserErrorException.Reason(exception)})", exception);
        }
    }

    private static T Refusing<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException($"the checkpoint {path} is damaged ({exception.Message})", exception);
        }
    }
}
