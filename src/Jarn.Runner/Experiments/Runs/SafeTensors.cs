using Jarn.Models;
using Jarn.Runner.Data;

namespace Jarn.Runner.Experiments.Runs;

/// <summary>Files of the <see cref="SafeTensorsFormat"/>.</summary>
public static class SafeTensors
{
    private const string Remedy = "give a run's folder or its model.safetensors";

    /// <summary>Writes the file atomically. The same content gives the same bytes: tensors in the order given, metadata by key.</summary>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public static void Write(string path, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        AtomicFile.Write(path, stream => SafeTensorsFormat.Write(stream, tensors, metadata));

    /// <exception cref="UserErrorException">The file is missing, or is not a well-formed safetensors file of float32.</exception>
    public static TensorFile Read(string path) => Open(path, Remedy, SafeTensorsFormat.Read);

    /// <summary>Reads a file of foreign make, see <see cref="SafeTensorsFormat.ReadConverting"/>.</summary>
    /// <param name="remedy">What to do if it can't be read, for the error message.</param>
    /// <exception cref="UserErrorException">The file is absent, or is not a well-formed safetensors file of floating-point numbers.</exception>
    public static TensorFile ReadConverting(string path, string remedy = Remedy) => Open(path, remedy, SafeTensorsFormat.ReadConverting);

    /// <summary>The metadata and the number of tensors, without the values; the header says how long the file must be.</summary>
    /// <exception cref="UserErrorException">The file is missing, is not a safetensors file, or ends too early.</exception>
    public static (IReadOnlyDictionary<string, string> Metadata, int Tensors) ReadHeader(string path) => Open(path, Remedy, stream =>
    {
        int tensors = SafeTensorsFormat.ReadHeader(stream, out Dictionary<string, string> metadata).Count;
        return ((IReadOnlyDictionary<string, string>)metadata, tensors);
    });

    /// <inheritdoc cref="ReadHeader"/>
    public static void RequireWhole(string path) => ReadHeader(path);

    /// <param name="stream">A seekable stream at its beginning.</param>
    /// <param name="path">Its name, for the messages.</param>
    /// <exception cref="UserErrorException">The stream is not a well-formed safetensors file of float32.</exception>
    public static TensorFile Read(Stream stream, string path) => Refusing(stream, path, Remedy, SafeTensorsFormat.Read);

    private static T Open<T>(string path, string remedy, Func<Stream, T> read)
    {
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{path} is a folder, not a safetensors file: {remedy}");
        }
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Refusing(stream, path, remedy, read);
        }
        catch (Exception exception) when (UserErrorException.IsFileSystemRefusal(exception))
        {
            throw new UserErrorException($"cannot read {path} ({exception.Message.TrimEnd('.')}): {remedy}", exception);
        }
    }

    private static T Refusing<T>(Stream stream, string path, string remedy, Func<Stream, T> read)
    {
        try
        {
            return read(stream);
        }
        catch (InvalidDataException exception)
        {
            throw new UserErrorException(
                FileKind.Of(stream) is FileKind kind ? $"{path} is {kind.Name}, not a safetensors file: {kind.Advice}"
                    : $"{path} cannot be read as a safetensors file ({exception.Message}): {remedy}", exception);
        }
    }
}
