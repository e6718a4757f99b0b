using System.Buffers.Binary;
using System.IO.Compression;

namespace Jarn.Runner.Data;

/// <summary>
/// The bytes of a file of foreign make, forwards only. What its headers claim is believed only as far as bytes arrive: a forged length
/// costs no more memory than the file's own size, and unpacking stops where no image could have been packed that small.
/// </summary>
public sealed class UntrustedStream : Stream
{
    /// <summary>Real images compress to a fifth, labels to a half; a file that unpacks to twentyfold is a bomb.</summary>
    private const int MaximumExpansion = 20;

    private const int AlwaysUnpacked = 1 << 20;

    /// <summary>Images unpack to at most so many times their file, so theirs is the one allocation.</summary>
    private const int AllocatedAtOnce = 5;

    private const int AlwaysAllocated = 1 << 16;

    private readonly Stream _inner;
    private readonly long _fileLength;
    private readonly long _end;
    private long _position;
    private long _limit = long.MaxValue;

    /// <param name="inner">Read as far as asked for.</param>
    /// <param name="fileLength">Of the whole file, whose size sets the order of magnitude of all that is allocated.</param>
    /// <param name="claimed">See <see cref="Claimed"/>.</param>
    /// <param name="end">Where this stream ends though <paramref name="inner"/> goes on.</param>
    private UntrustedStream(Stream inner, long fileLength, long claimed, long end)
    {
        (_inner, _fileLength, Claimed, _end) = (inner, fileLength, claimed, end);
    }

    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    /// <summary>How many bytes this stream holds by its own account: a file's size, the trailer of gzip, the header of an archive's entry.</summary>
    public long Claimed { get; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>How many bytes were read.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Reads a whole file; gzip around it is recognised by its content.</summary>
    /// <param name="file">At its beginning, seekable.</param>
    /// <param name="path">Its name, for the messages.</param>
    /// <param name="parse">Reads to the end; throws <see cref="InvalidDataException"/> on what is wrong.</param>
    /// <exception cref="UserErrorException">It is damaged, truncated, no file of the kind, or something follows its content.</exception>
    public static T Parse<T>(Stream file, string path, Func<UntrustedStream, T> parse)
    {
        try
        {
            UntrustedStream plain = new(file, file.Length, claimed: file.Length, end: long.MaxValue);
            if (!IsGzip(file))
            {
                return ParseWhole(plain, parse);
            }
            // RFC 1952: a gzip file ends with the length of what it unpacks to, modulo 2³².
            Span<byte> trailer = stackalloc byte[sizeof(uint)];
            file.Position = Math.Max(0, file.Length - trailer.Length);
            file.ReadExactly(trailer);
            file.Position = 0;
            using UntrustedStream unpacked = plain.Unpack(
                new GZipStream(plain, CompressionMode.Decompress), BinaryPrimitives.ReadUInt32LittleEndian(trailer));
            T parsed = ParseWhole(unpacked, parse);
            // GZipStream checks the trailer where it is there, and does not miss it where it isn't.
            return (uint)unpacked.Position == unpacked.Claimed ? parsed : throw new InvalidDataException("it is truncated: its gzip trailer is missing");
        }
        // A stream of zlib that wants a dictionary is refused with an IOException.
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            string fault = exception is EndOfStreamException ? "it is truncated" : exception.Message.TrimEnd('.');
            throw new UserErrorException($"{path} is unusable ({fault}): fetch it again, or delete it to have it downloaded", exception);
        }
    }

    /// <summary>The next <paramref name="length"/> bytes as a stream of their own, to be read before this one is read on.</summary>
    public UntrustedStream Section(long length) => new(this, _fileLength, claimed: length, end: length);

    /// <summary>What this stream unpacks to: more than images could is refused when it has been read.</summary>
    /// <param name="decompressing">Over this stream; disposed with the result.</param>
    /// <param name="claimed">See <see cref="Claimed"/>.</param>
    public UntrustedStream Unpack(Stream decompressing, long claimed = long.MaxValue) =>
        new(decompressing, _fileLength, claimed, end: long.MaxValue) { _limit = AlwaysUnpacked + (MaximumExpansion * _fileLength) };

    public override int Read(Span<byte> buffer)
    {
        int read = _inner.Read(buffer[..(int)Math.Min(buffer.Length, _end - _position)]);
        _position += read;
        return _position <= _limit ? read : throw new InvalidDataException($"it unpacks to more than {MaximumExpansion} times its size");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>The next <paramref name="length"/> bytes. The array grows as they come in, beyond what the file's size makes likely.</summary>
    /// <exception cref="InvalidDataException">They are not all there.</exception>
    public byte[] ReadArray(long length)
    {
        if (length is < 0 || length > Array.MaxLength)
        {
            throw new InvalidDataException($"it claims to hold {length} bytes in one piece");
        }
        byte[] values = new byte[Math.Min(length, AlwaysAllocated + (AllocatedAtOnce * _fileLength))];
        int read = 0;
        while (true)
        {
            read += this.ReadAtLeast(values.AsSpan(read), values.Length - read, throwOnEndOfStream: false);
            if (read < values.Length)
            {
                throw new InvalidDataException($"it is truncated: {read} of {length} bytes are there");
            }
            if (read == length)
            {
                return values;
            }
            Array.Resize(ref values, (int)Math.Min(length, 2L * values.Length));
        }
    }

    /// <summary>Reads on to the end of a section.</summary>
    /// <exception cref="InvalidDataException">It is not all there.</exception>
    public void SkipRest()
    {
        Span<byte> discarded = stackalloc byte[4096];
        while (Read(discarded) > 0)
        {
        }
        if (_end != long.MaxValue && _position < _end)
        {
            throw new InvalidDataException($"it is truncated: {_position} of {_end} bytes are there");
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _limit != long.MaxValue)
        {
            _inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private static bool IsGzip(Stream file)
    {
        Span<byte> start = stackalloc byte[GzipMagic.Length];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start[..read].SequenceEqual(GzipMagic);
    }

    private static T ParseWhole<T>(UntrustedStream content, Func<UntrustedStream, T> parse)
    {
        T parsed = parse(content);
        return content.ReadByte() < 0 ? parsed : throw new InvalidDataException($"something follows the {content.Position - 1} bytes of its content");
    }
}
