using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Jarn.Runner.Data;

/// <summary>
/// The content of a gzip file (RFC 1952), forwards only: one member or several, one after another, and zero bytes behind them, as <c>gzip -t</c>
/// accepts it. Each member's CRC-32 and length are verified. (GZipStream neither misses a trailer nor says what is wrong with one.)
/// </summary>
/// <param name="file">Seekable, at its beginning; stays open.</param>
internal sealed class GzipMembers(Stream file) : ForwardStream
{
    private const int TrailerLength = 8, LeastHeaderLength = 10, LargestPiece = 1 << 13;

    private readonly Crc32 _crc = new();
    private readonly byte[] _window = new byte[LargestPiece + TrailerLength];
    private Input? _input;
    private DeflateStream? _deflate;
    private uint _length;
    private long _begin;
    private bool _isFirst = true;

    private static ReadOnlySpan<byte> Magic => [0x1f, 0x8b];

    /// <summary>Whether a file begins as a gzip file does.</summary>
    /// <param name="file">Seekable, at its beginning, where it is left.</param>
    public static bool Is(Stream file)
    {
        Span<byte> start = stackalloc byte[Magic.Length];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start[..read].SequenceEqual(Magic);
    }

    /// <exception cref="InvalidDataException">The file is damaged or truncated, or something else follows its members.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty && (_deflate is not null || NextMember()))
        {
            int read = Inflate(_deflate!, buffer);
            if (read > 0)
            {
                _crc.Append(buffer[..read]);
                _length += (uint)read;
                return read;
            }
            EndMember();
        }
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _deflate?.Dispose();
        }
        base.Dispose(disposing);
    }

    private static int Inflate(DeflateStream deflate, Span<byte> buffer)
    {
        try
        {
            return deflate.Read(buffer);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not EndOfStreamException)
        {
            throw new InvalidDataException("its compressed data are damaged", exception);
        }
    }

    /// <summary>Reads a member's header; false where there is none any more.</summary>
    private bool NextMember()
    {
        if (file.Position == file.Length || (!_isFirst && IsPadding()))
        {
            return false;
        }
        _isFirst = false;
        Span<byte> header = stackalloc byte[LeastHeaderLength];
        file.ReadExactly(header);
        (byte method, byte flags) = (header[2], header[3]);
        if (method != 8 || (flags & 0xe0) != 0)
        {
            throw new InvalidDataException("its gzip header is damaged");
        }
        const int checksum = 1 << 1, extra = 1 << 2, name = 1 << 3, comment = 1 << 4;
        if ((flags & extra) != 0)
        {
            Span<byte> length = stackalloc byte[sizeof(ushort)];
            file.ReadExactly(length);
            Skip(BinaryPrimitives.ReadUInt16LittleEndian(length));
        }
        foreach (int text in new[] { name, comment }.Where(text => (flags & text) != 0))
        {
            while (Next() != 0)
            {
            }
        }
        Skip((flags & checksum) != 0 ? sizeof(ushort) : 0);
        _begin = file.Position;
        _length = 0;
        _crc.Reset();
        _input = new Input(file, LargestPiece);
        _deflate = new DeflateStream(_input, CompressionMode.Decompress);
        return true;
    }

    /// <summary>Whether nothing but zeros follows; the position is kept where a member does.</summary>
    private bool IsPadding()
    {
        long here = file.Position;
        Span<byte> piece = stackalloc byte[4096];
        int read = file.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
        if (piece[..read].StartsWith(Magic))
        {
            file.Position = here;
            return false;
        }
        while (read > 0)
        {
            if (piece[..read].ContainsAnyExcept((byte)0))
            {
                throw new InvalidDataException($"something that is not gzip follows its content, at byte {here}");
            }
            read = file.Read(piece);
        }
        return true;
    }

    /// <summary>
    /// Verifies the trailer and goes to the byte behind it. The inflater reads ahead and does not say how far, but what the trailer must be is known
    /// by now: it is looked for in what was read last.
    /// </summary>
    /// <exception cref="InvalidDataException">The checksum or the length is another.</exception>
    private void EndMember()
    {
        _deflate!.Dispose();
        _deflate = null;
        Span<byte> expected = stackalloc byte[TrailerLength], trailer = stackalloc byte[TrailerLength];
        uint crc = _crc.GetCurrentHashAsUInt32();
        BinaryPrimitives.WriteUInt32LittleEndian(expected, crc);
        BinaryPrimitives.WriteUInt32LittleEndian(expected[sizeof(uint)..], _length);
        // Zeros, the trailer of an empty member, may begin before it.
        if (_length > 0 && GoBehind(expected))
        {
            return;
        }
        GoToTrailer();
        if (file.ReadAtLeast(trailer, TrailerLength, throwOnEndOfStream: false) < TrailerLength)
        {
            throw new InvalidDataException("it is truncated");
        }
        uint claimedCrc = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        uint claimedLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer[sizeof(uint)..]);
        if (claimedCrc != crc || claimedLength != _length)
        {
            throw new InvalidDataException(claimedCrc != crc
                ? $"it is damaged: the CRC-32 of its content is {crc:x8}, and its gzip trailer says {claimedCrc:x8}"
                : $"it is damaged: its content has {_length} bytes, and its gzip trailer says {claimedLength}");
        }
    }

    /// <summary>The compressed data end in the piece that was read last, and the trailer may reach beyond it.</summary>
    private bool GoBehind(ReadOnlySpan<byte> trailer)
    {
        long begin = file.Position - _input!.LastLength;
        file.Position = begin;
        int length = file.ReadAtLeast(_window, _input.LastLength + TrailerLength, throwOnEndOfStream: false);
        int at = _window.AsSpan(0, length).IndexOf(trailer);
        file.Position = begin + at + TrailerLength;
        return at >= 0;
    }

    /// <summary>Inflates the member again, byte by byte, to see where its compressed data end.</summary>
    private void GoToTrailer()
    {
        file.Position = _begin;
        using DeflateStream again = new(new Input(file, most: 1), CompressionMode.Decompress);
        Span<byte> discarded = stackalloc byte[4096];
        while (Inflate(again, discarded) > 0)
        {
        }
    }

    private void Skip(int bytes)
    {
        for (int i = 0; i < bytes; i++)
        {
            Next();
        }
    }

    private int Next() => file.ReadByte() is int value and >= 0 ? value : throw new EndOfStreamException();

    /// <summary>Hands the file on in pieces.</summary>
    private sealed class Input(Stream file, int most) : ForwardStream
    {
        /// <summary>Bytes of the piece that was read last.</summary>
        public int LastLength { get; private set; }

        public override int Read(Span<byte> buffer) => LastLength = file.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
