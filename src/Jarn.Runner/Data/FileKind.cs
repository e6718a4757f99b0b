using System.Buffers.Binary;
using System.Text;

namespace Jarn.Runner.Data;

/// <summary>The kind of a file that was mistaken for another, found by its first bytes, for a message that helps.</summary>
/// <param name="Name">The name with its article: "a PyTorch file".</param>
/// <param name="Advice">How to turn it into a file that can be read.</param>
public sealed record FileKind(string Name, string Advice)
{
    /// <summary>Enough to tell by.</summary>
    private const int StartLength = 512;

    private const string SaveTensors =
        "save its weights in Python with safetensors.torch.save_file, named as in docs/checkpoint-format.md, and import that file";

    private const string ConvertArrays =
        "convert its arrays in Python with safetensors.numpy.save_file, named as in docs/checkpoint-format.md, and import that file";

    private static readonly FileKind
        _page = new("a web page", "what was downloaded is a login or error page; download the file itself"),
        _pointer = new("a Git LFS pointer", "'git lfs pull' downloads the file that it stands for"),
        _gzip = new("a gzip file", "unpack it with gunzip"),
        _torch = new("a PyTorch file", SaveTensors),
        _pickle = new("a Python pickle, such as older PyTorch versions save", SaveTensors),
        _keras = new("a Keras file", ConvertArrays),
        _numpy = new("a NumPy file", ConvertArrays),
        _hdf = new("an HDF5 file, such as Keras saves", ConvertArrays),
        _onnx = new("an ONNX model", "only weights can be imported; save those of the original model as safetensors"),
        _tensorFlow = new("a TensorFlow model", ConvertArrays),
        _zip = new("a zip archive", "unpack it, and give the safetensors file in it");

    /// <summary>Whether a download gave something else than the file: that holds for data files, too.</summary>
    public bool IsFailedDownload => this == _page || this == _pointer;

    /// <summary>The kind of a file, or null where it is none of those that are known.</summary>
    /// <param name="file">Seekable; its position is not kept.</param>
    public static FileKind? Of(Stream file)
    {
        byte[] start = new byte[StartLength];
        file.Position = 0;
        return Of(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
    }

    private static FileKind? Of(ReadOnlySpan<byte> start)
    {
        string text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return start switch
        {
            _ when text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
                || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) => _page,
            _ when text.StartsWith("version https://git-lfs", StringComparison.Ordinal) => _pointer,
            [0x1f, 0x8b, ..] => _gzip,
            [(byte)'P', (byte)'K', 3, 4, ..] => OfArchive(start),
            [0x80, >= 2 and <= 5, ..] => _pickle,
            [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => _numpy,
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => _hdf,
            // Protocol buffers: ONNX's begin with the version of the format, followed by the name of what wrote it or the graph; TensorFlow's with a
            // 1.
            [0x08, >= 3 and <= 20, 0x12 or 0x3a or 0x42, ..] => _onnx,
            [0x08, 1, 0x12, ..] => _tensorFlow,
            _ => null,
        };
    }

    /// <summary>The kind of a zip archive, by the name of its first entry, which comes after 30 bytes.</summary>
    private static FileKind OfArchive(ReadOnlySpan<byte> start)
    {
        const int lengthAt = 26, nameAt = 30;
        string name = start.Length < nameAt ? ""
            : Encoding.UTF8.GetString(start[nameAt..Math.Min(start.Length, nameAt + BinaryPrimitives.ReadUInt16LittleEndian(start[lengthAt..]))]);
        return name.EndsWith("/data.pkl", StringComparison.Ordinal) || name.EndsWith("/version", StringComparison.Ordinal) ? _torch
            : name.EndsWith(".npy", StringComparison.Ordinal) ? _numpy
            : name is "metadata.json" or "config.json" or "model.weights.h5" ? _keras
            : _zip;
    }
}
