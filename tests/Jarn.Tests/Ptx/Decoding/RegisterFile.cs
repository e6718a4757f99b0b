using System.Runtime.InteropServices;

namespace Jarn.Tests.Ptx;

/// <summary>
/// The layout of a warp's registers: 32 lanes of each next to each other. What never changes while a group runs (literals, addresses of
/// variables, special registers) has registers too, filled before it starts: then an instruction knows registers only.
/// </summary>
internal sealed class RegisterFile
{
    private readonly Dictionary<string, Register> _named = [];
    private readonly Dictionary<(ulong Value, int Bytes), Register> _literals = [];
    private readonly Dictionary<string, (Register Register, Func<Warp, int, ulong> Value)> _specials = [];

    public int Bytes { get; private set; }

    public int Predicates { get; private set; }

    public void Declare(RegisterItem item)
    {
        foreach (string name in item.Count is int count ? Enumerable.Range(0, count).Select(i => $"{item.Name}{i}") : [item.Name])
        {
            // 8-bit registers don't exist as such; the type pred has no bytes.
            if (!_named.TryAdd(
                name, item.Type == ".pred" ? new Register(Predicates++, Register.PredicateBytes) : Allocate(PtxType.Bytes(item.Type[1..]))))
            {
                throw new PtxException($"the register {name} is declared twice");
            }
        }
    }

    public Register? Find(string name) => _named.TryGetValue(name, out Register register) ? register : null;

    public Register Literal(ulong value, int bytes)
    {
        value = bytes == sizeof(ulong) ? value : value & ((1ul << (8 * bytes)) - 1);
        ref Register register = ref CollectionsMarshal.GetValueRefOrAddDefault(_literals, (value, bytes), out bool exists);
        register = exists ? register : Allocate(bytes);
        return register;
    }

    /// <summary>%tid.x and its like (PTX ISA, "Special Registers"); launches have one dimension. Null for any other name.</summary>
    public Register? Special(string name)
    {
        if (_specials.TryGetValue(name, out (Register Register, Func<Warp, int, ulong>) known))
        {
            return known.Register;
        }
        Func<Warp, int, ulong>? value = name switch
        {
            "%tid.x" => (warp, lane) => (ulong)warp.Thread(lane),
            "%ntid.x" => (warp, _) => (ulong)warp.Group.Threads,
            "%ctaid.x" => (warp, _) => (ulong)warp.Group.Index,
            "%nctaid.x" => (warp, _) => (ulong)warp.Group.Launch.Groups,
            "%tid.y" or "%tid.z" or "%ctaid.y" or "%ctaid.z" => (_, _) => 0,
            "%ntid.y" or "%ntid.z" or "%nctaid.y" or "%nctaid.z" => (_, _) => 1,
            "%laneid" => (_, lane) => (ulong)lane,
            "%warpid" => (warp, _) => (ulong)warp.Number,
            "%lanemask_eq" => (_, lane) => 1u << lane,
            "%lanemask_lt" => (_, lane) => (1u << lane) - 1,
            "%lanemask_le" => (_, lane) => uint.MaxValue >> (Warp.Size - 1 - lane),
            "%lanemask_gt" => (_, lane) => ~(uint.MaxValue >> (Warp.Size - 1 - lane)),
            "%lanemask_ge" => (_, lane) => uint.MaxValue << lane,
            _ => null,
        };
        if (value is null)
        {
            return null;
        }
        _specials[name] = (Allocate(sizeof(uint)), value);
        return _specials[name].Register;
    }

    /// <summary>
    /// What a warp's registers hold before it starts: the literals, and elsewhere a pattern that makes the use of an unset register show.
    /// </summary>
    public byte[] Initial()
    {
        byte[] registers = new byte[Bytes];
        Array.Fill(registers, (byte)0xFB);
        foreach (((ulong value, int bytes), Register register) in _literals)
        {
            for (int lane = 0; lane < Warp.Size; lane++)
            {
                MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value))[..bytes].CopyTo(registers.AsSpan(register.Offset + (lane * bytes)));
            }
        }
        return registers;
    }

    public void FillSpecial(Warp warp)
    {
        foreach ((Register register, Func<Warp, int, ulong> value) in _specials.Values)
        {
            for (int lane = 0; lane < Warp.Size; lane++)
            {
                warp.Lane<uint>(register, lane) = (uint)value(warp, lane);
            }
        }
    }

    private Register Allocate(int bytes)
    {
        Register register = new(Bytes, bytes);
        Bytes += Warp.Size * bytes;
        return register;
    }
}
