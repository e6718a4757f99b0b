using Jarn.Models;

namespace Jarn.Runner.Runs;

/// <summary>Files of the <see cref="SafeTensorsFormat"/>.</summary>
public static class SafeTensors
{
    /// <summary>Writes the file atomically. The same content gives the same bytes: tensors in the order given, metadata by key.</summary>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(string path, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        AtomicFile.Write(path, stream => SafeTensorsFormat.Write(stream, tensors, metadata));

    /// <exception cref="UserErrorException">It is absent or no well-formed safetensors file of float32.</exception>
    public static TensorFile Read(string path) => Open(path, SafeTensorsFormat.Read);

    /// <summary>Reads no more than the header, which says how long the file must be.</summary>
    /// <exception cref="UserErrorException">It is absent, no safetensors file, or ends too early.</exception>
    public static void RequireWhole(string path) => Open(path, stream => SafeTensorsFormat.ReadHeader(stream, out _));

    /// <param name="stream">A seekable stream at its beginning.</param>
    /// <param name="path">Its name, for the messages.</param>
    /// <exception cref="UserErrorException">It is no well-formed safetensors file of float32.</exception>
    public static TensorFile Read(Stream stream, string path) => Refusing(stream, path, SafeTensorsFormat.Read);

    private static T Open<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Refusing(stream, path, read);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({exception.Message.TrimEnd('.')}): give a model.safetensors of a run", exception);
        }
    }

    private static T Refusing<T>(Stream stream, string path, Func<Stream, T> read)
    {
        try
        {
            return read(stream);
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException(
                $"{path} is no safetensors file of float32 that can be read ({exception.Message}): give a model.safetensors of a run", exception);
        }
    }
}
