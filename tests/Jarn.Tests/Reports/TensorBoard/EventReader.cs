using System.Buffers.Binary;
using System.Text;

namespace Jarn.Tests.Reports.TensorBoard;

/// <summary>One value that TensorBoard shows: a number or a picture.</summary>
internal sealed record ShownValue(string Tag, float? Scalar, (int Height, int Width, int Channels, byte[] Png)? Image);

/// <summary>One record of a file of TensorBoard's events.</summary>
internal sealed record ShownEvent(double WallTime, long Step, string? Version, IReadOnlyList<ShownValue> Values);

/// <summary>Reads a file of TensorBoard's events by the formats' definitions alone, bit by bit: it knows nothing of what writes it.</summary>
internal static class EventReader
{
    public static string PathIn(string run) => Directory.GetFiles(run, "*tfevents*").Single();

    public static IReadOnlyList<ShownEvent> Read(string path) => Read(File.ReadAllBytes(path));

    public static IReadOnlyList<ShownEvent> Read(ReadOnlySpan<byte> file)
    {
        List<ShownEvent> events = [];
        while (!file.IsEmpty)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
            RequireChecksum(file[..8], file[8..12]);
            RequireChecksum(file.Slice(12, length), file.Slice(12 + length, 4));
            events.Add(Event(file.Slice(12, length)));
            file = file[(16 + length)..];
        }
        return events;
    }

    /// <summary>What a run shows at which step, without the speed and the time, which no two runs share; times must not go back.</summary>
    public static IReadOnlyList<(long Step, string Tag)> OfRun(string run) => [.. Values(run).Select(value => (value.Step, value.Value.Tag))];

    /// <inheritdoc cref="OfRun"/>
    public static IReadOnlyList<(long Step, string Tag, float? Scalar)> Scalars(string run) => [.. Values(run)
        .Where(value => value.Value.Tag is not ("progress/seconds" or "progress/images_per_second"))
        .Select(value => (value.Step, value.Value.Tag, value.Value.Scalar))];

    /// <summary>CRC-32C: the polynomial 1EDC6F41, lowest bit first, begun with ones and inverted at the end.</summary>
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = 0xffffffff;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
            }
        }
        return crc ^ 0xffffffff;
    }

    private static IEnumerable<(long Step, ShownValue Value)> Values(string run)
    {
        IReadOnlyList<ShownEvent> events = Read(PathIn(run));
        Assert.That(events.Select(item => item.WallTime), Is.Ordered);
        return events.SelectMany(item => item.Values.Select(value => (item.Step, value)));
    }

    private static void RequireChecksum(ReadOnlySpan<byte> data, ReadOnlySpan<byte> checksum)
    {
        uint crc = Crc(data), masked = unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
        if (BinaryPrimitives.ReadUInt32LittleEndian(checksum) != masked)
        {
            throw new InvalidDataException("a checksum is not that of its data");
        }
    }

    private static ShownEvent Event(ReadOnlySpan<byte> message)
    {
        double wallTime = 0;
        long step = 0;
        string? version = null;
        List<ShownValue> values = [];
        foreach ((int field, ulong number, byte[] bytes) in Fields(message))
        {
            switch (field)
            {
                case 1: wallTime = BitConverter.UInt64BitsToDouble(number); break;
                case 2: step = (long)number; break;
                case 3: version = Encoding.UTF8.GetString(bytes); break;
                case 5: values.AddRange(Fields(bytes).Select(value => value.Field == 1 ? Value(value.Bytes) : throw Unknown(value.Field))); break;
                default: throw Unknown(field);
            }
        }
        return new ShownEvent(wallTime, step, version, values);
    }

    private static ShownValue Value(byte[] message)
    {
        ShownValue value = new("", null, null);
        foreach ((int field, ulong number, byte[] bytes) in Fields(message))
        {
            value = field switch
            {
                1 => value with { Tag = Encoding.UTF8.GetString(bytes) },
                2 => value with { Scalar = BitConverter.UInt32BitsToSingle((uint)number) },
                4 => value with { Image = Image(bytes) },
                _ => throw Unknown(field),
            };
        }
        return value;
    }

    private static (int, int, int, byte[]) Image(byte[] message)
    {
        Dictionary<int, (int Field, ulong Number, byte[] Bytes)> fields = Fields(message).ToDictionary(field => field.Field);
        return ((int)fields[1].Number, (int)fields[2].Number, (int)fields[3].Number, fields[4].Bytes);
    }

    /// <summary>Protobuf's fields, each as a number or as bytes.</summary>
    private static List<(int Field, ulong Number, byte[] Bytes)> Fields(ReadOnlySpan<byte> message)
    {
        List<(int, ulong, byte[])> fields = [];
        while (!message.IsEmpty)
        {
            ulong key = Varint(ref message);
            int wireType = (int)(key & 7), length = wireType switch
            {
                0 => 0,
                1 => 8,
                2 => checked((int)Varint(ref message)),
                5 => 4,
                _ => throw new InvalidDataException($"there is no wire type {wireType}"),
            };
            byte[] bytes = message[..length].ToArray();
            message = message[length..];
            ulong number = wireType switch
            {
                0 => Varint(ref message),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                5 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                _ => 0,
            };
            fields.Add(((int)(key >> 3), number, bytes));
        }
        return fields;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return value;
            }
        }
    }

    private static InvalidDataException Unknown(int field) => new($"the format has no field {field} there that is ours");
}
