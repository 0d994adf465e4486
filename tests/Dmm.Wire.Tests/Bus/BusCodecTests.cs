using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Testing.Journal;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;

namespace Dmm.Wire.Tests.Bus;

public sealed class BusCodecTests : IDisposable
{
    private static readonly BusListing Listing = new("binance-usdm", "BTC", [JournalSamples.Instruments.All[0]]);

    private static readonly BusHeartbeat Heartbeat =
        new("host-17", "binance-usdm", "BTC", 3, JournalSamples.Start, FeedState.Connected, [new("binance-usdm:BTCUSDT", 99)]);

    private readonly BusEncoder _encoder = new(JournalSamples.Instruments);
    private readonly BusDecoder _decoder = new(JournalSamples.Instruments);
    private readonly JournalBuffer _buffer = new();

    public void Dispose() => _encoder.Dispose();

    [Fact]
    public void AnyInputThatTravels_ReadBack_IsEqualAndGivesTheSameBytes() =>
        JournalGen.Input.Where(input => BusEncoder.KindOf(input) is not null).Sample(input =>
        {
            var body = Body(input);
            var message = _decoder.Read(body);
            message.Kind.ShouldBe(BusEncoder.KindOf(input)!.Value);
            Text(message.Input).ShouldBe(Text(input));
            Body(message.Input).ShouldBe(body);
        }, threads: 1, iter: 3_000);

    [Fact]
    public void EveryKind_StandsAsTheReadmeSays()
    {
        string[] expected =
        [
            """{"v":1,"kind":"top","ins":"binance-usdm:BTCUSDT","vt":null,"rt":"2024-08-08T23:54:15.0303146Z","id":42,"bid":[617020,5000],"ask":[617021,1]}""",
            """{"v":1,"kind":"trade","ins":"binance-usdm:BTCUSDT","vt":"2024-08-08T23:54:15.0103146Z","rt":"2024-08-08T23:54:15.0293146Z","id":5263811772,"px":617021,"sz":12,"side":"sell"}""",
            """{"v":1,"kind":"book","ins":"binance-usdm:BTCUSDT","vt":"2024-08-08T23:54:15.0103146Z","rt":"2024-08-08T23:54:15.0303146Z","snap":true,"first":90,"last":99,"prev":-1,"sum":-1234567890,"bids":[[617020,0]],"asks":[[617021,37]]}""",
            """{"v":1,"kind":"rate","baseAsset":"TON","quoteAsset":"USDT","rate":5.432,"venueTime":"2024-08-08T23:54:15.0303146Z"}""",
            """{"v":1,"kind":"feed","venue":"binance-usdm","state":"resyncing","detail":"gap after 42"}""",
            """{"v":1,"kind":"instruments","venue":"binance-usdm","asset":"BTC","instruments":[{"id":0,"venue":"binance-usdm","symbol":"BTCUSDT","baseAsset":"BTC","quoteAsset":"USDT","kind":"linear","sequenceRule":"previousId","prices":0.1,"sizes":0.001,"orderStepLots":1,"minimumSize":0.001,"minimumNotional":5,"contractSize":1,"isPool":false,"amendsInPlace":true}]}""",
            """{"v":1,"kind":"heartbeat","src":"host-17","venue":"binance-usdm","asset":"BTC","n":3,"at":"2024-08-08T23:54:15.0303146Z","state":"connected","books":[{"instrument":"binance-usdm:BTCUSDT","last":99}]}""",
        ];
        Samples().Select(Encoding.UTF8.GetString).ShouldBe(expected);
    }

    [Fact]
    public void ListingAndHeartbeat_ReadBack_AreEqual()
    {
        var listing = _decoder.Read(Written(b => _encoder.Listing(b, Listing))).Listing.ShouldNotBeNull();
        (listing with { Instruments = Listing.Instruments }).ShouldBe(Listing);
        listing.Instruments.ShouldBe(Listing.Instruments);
        var heartbeat = _decoder.Read(Written(b => _encoder.Heartbeat(b, Heartbeat))).Heartbeat.ShouldNotBeNull();
        (heartbeat with { Books = Heartbeat.Books }).ShouldBe(Heartbeat);
        heartbeat.Books.ShouldBe(Heartbeat.Books);
    }

    [Fact]
    public void InstrumentOfAnother_IsNamedAndNotReadFurther()
    {
        var reader = new BusDecoder(new([JournalSamples.Instruments.All[1] with { Id = new(0) }]));
        var message = reader.Read(Body(new(JournalSamples.Trade)));
        (message.Kind, message.Foreign).ShouldBe((BusKind.Trade, "binance-usdm:BTCUSDT"));
    }

    [Theory]
    [InlineData("\"px\":617021", "\"px\":\"617021\"", "at member 'px': Cannot get the value of a token type 'String' as a number.")]
    [InlineData("\"px\":617021", "\"px\":1e99", "at member 'px': ")]
    [InlineData("\"side\":\"sell\"", "\"side\":\"short\"", "at member 'side': unknown side 'short'")]
    [InlineData("\"id\":", "\"ID\":", "at member 'rt': expected member 'id', found 'ID'")]
    [InlineData("\"kind\":\"trade\"", "\"kind\":\"tick\"", "at member 'kind': unknown kind 'tick'")]
    [InlineData("{\"v\":1", "{\"v\":2", "written in schema version 2: this code knows version 1")]
    [InlineData("\"sell\"}", "\"sell\",\"more\":1}", "at member 'side': 'more' is one member too many")]
    [InlineData("\"sell\"}", "\"sell\"}{}", "at member 'side': ")]
    [InlineData("\"binance-usdm:BTCUSDT\"", "null", "at member 'ins': Cannot compare")]
    [InlineData("{\"v\":1", "[1", "not a message of the bus: ")]
    public void MessageThatCannotBeRead_NamesTheMember(string part, string instead, string reason)
    {
        var body = Encoding.UTF8.GetString(Body(new(JournalSamples.Trade)));
        body.ShouldContain(part);
        Should.Throw<BusFormatException>(() => _decoder.Read(Encoding.UTF8.GetBytes(body.Replace(part, instead)))).Message.ShouldStartWith(reason);
    }

    [Theory]
    [InlineData("""{"v":1,"kind":"instruments","venue":"a","asset":"b","instruments":null}""")]
    [InlineData("""{"v":1,"kind":"instruments","venue":"a","asset":"b","instruments":[null]}""")]
    [InlineData("""{"v":1,"kind":"heartbeat","src":"a","venue":"a","asset":"b","n":1,"at":null,"state":"connected","books":null}""")]
    [InlineData("""{"v":1,"kind":"instruments","venue":"a","asset":"b","instruments":[{"id":0,"venue":"c","symbol":"s","baseAsset":"b","quoteAsset":"q","kind":"spot","sequenceRule":"previousId","prices":0.1,"sizes":0.001}]}""")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("7")]
    public void NothingWhereSomethingIsExpected_IsRefused(string body) =>
        Should.Throw<BusFormatException>(() => _decoder.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void AnyBytesChanged_GiveAMessageOrTheNamedError()
    {
        var samples = Samples().ToArray();
        Gen.Select(Gen.Int[0, samples.Length - 1], Gen.Select(Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 2]).Array[1, 4]).Sample((sample, changes) =>
        {
            var body = samples[sample].ToList();
            foreach (var (at, value, how) in changes)
            {
                var place = at % body.Count;
                if (how == 0) body[place] = value;
                else if (how == 1) body.Insert(place, value);
                else if (body.Count > 1) body.RemoveAt(place);
            }

            try
            {
                _decoder.Read(body.ToArray());
            }
            catch (BusFormatException refused)
            {
                refused.Message.ShouldNotBeEmpty();
            }
        }, threads: 1, iter: 20_000);
    }

    [Fact]
    public void AnyCutMessage_IsRefused()
    {
        foreach (var body in Samples())
        {
            for (var length = 0; length < body.Length; length++)
                Should.Throw<BusFormatException>(() => _decoder.Read(body.AsSpan(0, length)));
        }
    }

    [Fact]
    public void MarketData_IsWrittenWithoutAllocation()
    {
        Input[] inputs = [new(JournalSamples.Top), new(JournalSamples.Trade), new(JournalSamples.Book(50))];
        Allocations.PerItem(i =>
        {
            _buffer.Clear();
            _encoder.Input(_buffer, inputs[i % inputs.Length]);
        }).ShouldBe(0);
    }

    [Fact]
    public void WhatConcernsOneProcessAlone_DoesNotTravel()
    {
        var offset = new Input(new ClockOffset("binance-usdm", TimeSpan.Zero));
        BusEncoder.KindOf(offset).ShouldBeNull();
        Should.Throw<ArgumentException>(() => Body(offset)).Message.ShouldStartWith("a ClockOffset does not travel over the bus");
    }

    private IEnumerable<byte[]> Samples() =>
    [
        Body(new(JournalSamples.Top)), Body(new(JournalSamples.Trade)), Body(new(JournalSamples.Book())),
        Body(new(JournalSamples.Controls.OfType<ReferenceRate>().Single())), Body(new(JournalSamples.Controls.OfType<FeedStatus>().Single())),
        Written(b => _encoder.Listing(b, Listing)), Written(b => _encoder.Heartbeat(b, Heartbeat)),
    ];

    private byte[] Body(Input input) => Written(b => _encoder.Input(b, input));

    private byte[] Written(Action<JournalBuffer> write)
    {
        _buffer.Clear();
        write(_buffer);
        return _buffer.Written.ToArray();
    }

    private static string Text(Input input) => JournalSamples.Text(new JournalRecord(default, input, InputOrigin.Outside));
}
