// Generated from proto/peerloom.proto by `pnpm generate`. Do not edit.
import type * as $protobuf from "protobufjs/minimal.js";

/** Namespace peerloom. */
export declare namespace peerloom {

    /**
     * Properties of a ToHost.
     * @deprecated Use peerloom.ToHost.$Properties instead.
     */
    interface IToHost extends peerloom.ToHost.$Properties {
    }

    /** Supervisor → host. */
    class ToHost {

        /**
         * Constructs a new ToHost.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.ToHost.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** hot */
        data?: (peerloom.Data.$Properties|null);

        /** hot */
        written?: (peerloom.Written.$Properties|null);

        /** ToHost accepted. */
        accepted?: (peerloom.Accepted.$Properties|null);

        /** ToHost connected. */
        connected?: (peerloom.Connected.$Properties|null);

        /** ToHost dialFailed. */
        dialFailed?: (peerloom.DialFailed.$Properties|null);

        /** ToHost closed. */
        closed?: (peerloom.Closed.$Properties|null);

        /** ToHost command. */
        command?: (peerloom.Command.$Properties|null);

        /** first envelope of a batch */
        stamp?: (peerloom.Stamp.$Properties|null);

        /** ToHost refused. */
        refused?: (peerloom.Refused.$Properties|null);

        /** ToHost body. */
        body?: ("data"|"written"|"accepted"|"connected"|"dialFailed"|"closed"|"command"|"stamp"|"refused");

        /**
         * Encodes the specified ToHost message. Does not implicitly {@link peerloom.ToHost.verify|verify} messages.
         * @param message ToHost message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.ToHost.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ToHost message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.ToHost & peerloom.ToHost.$Shape} ToHost
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.ToHost & peerloom.ToHost.$Shape;
    }

    namespace ToHost {

        /** Properties of a ToHost. */
        interface $Properties {

            /** hot */
            data?: (peerloom.Data.$Properties|null);

            /** hot */
            written?: (peerloom.Written.$Properties|null);

            /** ToHost accepted */
            accepted?: (peerloom.Accepted.$Properties|null);

            /** ToHost connected */
            connected?: (peerloom.Connected.$Properties|null);

            /** ToHost dialFailed */
            dialFailed?: (peerloom.DialFailed.$Properties|null);

            /** ToHost closed */
            closed?: (peerloom.Closed.$Properties|null);

            /** ToHost command */
            command?: (peerloom.Command.$Properties|null);

            /** first envelope of a batch */
            stamp?: (peerloom.Stamp.$Properties|null);

            /** ToHost refused */
            refused?: (peerloom.Refused.$Properties|null);

            /** ToHost body */
            body?: ("data"|"written"|"accepted"|"connected"|"dialFailed"|"closed"|"command"|"stamp"|"refused");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a ToHost. */
        type $Shape = {
          data?: peerloom.Data.$Shape|null;
          written?: peerloom.Written.$Shape|null;
          accepted?: peerloom.Accepted.$Shape|null;
          connected?: peerloom.Connected.$Shape|null;
          dialFailed?: peerloom.DialFailed.$Shape|null;
          closed?: peerloom.Closed.$Shape|null;
          command?: peerloom.Command.$Shape|null;
          stamp?: peerloom.Stamp.$Shape|null;
          refused?: peerloom.Refused.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ body?: undefined; data?: null; written?: null; accepted?: null; connected?: null; dialFailed?: null; closed?: null; command?: null; stamp?: null; refused?: null }|{ body?: "data"; data: peerloom.Data.$Shape; written?: null; accepted?: null; connected?: null; dialFailed?: null; closed?: null; command?: null; stamp?: null; refused?: null }|{ body?: "written"; data?: null; written: peerloom.Written.$Shape; accepted?: null; connected?: null; dialFailed?: null; closed?: null; command?: null; stamp?: null; refused?: null }|{ body?: "accepted"; data?: null; written?: null; accepted: peerloom.Accepted.$Shape; connected?: null; dialFailed?: null; closed?: null; command?: null; stamp?: null; refused?: null }|{ body?: "connected"; data?: null; written?: null; accepted?: null; connected: peerloom.Connected.$Shape; dialFailed?: null; closed?: null; command?: null; stamp?: null; refused?: null }|{ body?: "dialFailed"; data?: null; written?: null; accepted?: null; connected?: null; dialFailed: peerloom.DialFailed.$Shape; closed?: null; command?: null; stamp?: null; refused?: null }|{ body?: "closed"; data?: null; written?: null; accepted?: null; connected?: null; dialFailed?: null; closed: peerloom.Closed.$Shape; command?: null; stamp?: null; refused?: null }|{ body?: "command"; data?: null; written?: null; accepted?: null; connected?: null; dialFailed?: null; closed?: null; command: peerloom.Command.$Shape; stamp?: null; refused?: null }|{ body?: "stamp"; data?: null; written?: null; accepted?: null; connected?: null; dialFailed?: null; closed?: null; command?: null; stamp: peerloom.Stamp.$Shape; refused?: null }|{ body?: "refused"; data?: null; written?: null; accepted?: null; connected?: null; dialFailed?: null; closed?: null; command?: null; stamp?: null; refused: peerloom.Refused.$Shape })
        );
    }

    /**
     * Properties of a Data.
     * @deprecated Use peerloom.Data.$Properties instead.
     */
    interface IData extends peerloom.Data.$Properties {
    }

    /** Bytes read from a connection. They count against the host's credit until it answers Consumed. */
    class Data {

        /**
         * Constructs a new Data.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Data.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Data peer. */
        peer: number;

        /** Data connection. */
        connection: number;

        /** Data bytes. */
        bytes: Uint8Array;

        /**
         * Encodes the specified Data message. Does not implicitly {@link peerloom.Data.verify|verify} messages.
         * @param message Data message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Data.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Data message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Data & peerloom.Data.$Shape} Data
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Data & peerloom.Data.$Shape;
    }

    namespace Data {

        /** Properties of a Data. */
        interface $Properties {

            /** Data peer */
            peer?: (number|null);

            /** Data connection */
            connection?: (number|null);

            /** Data bytes */
            bytes?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Data. */
        type $Shape = peerloom.Data.$Properties;
    }

    /**
     * Properties of a Written.
     * @deprecated Use peerloom.Written.$Properties instead.
     */
    interface IWritten extends peerloom.Written.$Properties {
    }

    /** The kernel has taken this many more of the bytes that the host asked to Send on the connection. */
    class Written {

        /**
         * Constructs a new Written.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Written.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Written peer. */
        peer: number;

        /** Written connection. */
        connection: number;

        /** Written bytes. */
        bytes: number;

        /**
         * Encodes the specified Written message. Does not implicitly {@link peerloom.Written.verify|verify} messages.
         * @param message Written message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Written.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Written message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Written & peerloom.Written.$Shape} Written
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Written & peerloom.Written.$Shape;
    }

    namespace Written {

        /** Properties of a Written. */
        interface $Properties {

            /** Written peer */
            peer?: (number|null);

            /** Written connection */
            connection?: (number|null);

            /** Written bytes */
            bytes?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Written. */
        type $Shape = peerloom.Written.$Properties;
    }

    /**
     * Properties of an Accepted.
     * @deprecated Use peerloom.Accepted.$Properties instead.
     */
    interface IAccepted extends peerloom.Accepted.$Properties {
    }

    /** The neighbour has connected to us. */
    class Accepted {

        /**
         * Constructs a new Accepted.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Accepted.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Accepted peer. */
        peer: number;

        /** Accepted connection. */
        connection: number;

        /** Accepted localAddress. */
        localAddress: string;

        /** Accepted localPort. */
        localPort: number;

        /** Accepted remoteAddress. */
        remoteAddress: string;

        /** Accepted remotePort. */
        remotePort: number;

        /**
         * Encodes the specified Accepted message. Does not implicitly {@link peerloom.Accepted.verify|verify} messages.
         * @param message Accepted message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Accepted.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Accepted message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Accepted & peerloom.Accepted.$Shape} Accepted
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Accepted & peerloom.Accepted.$Shape;
    }

    namespace Accepted {

        /** Properties of an Accepted. */
        interface $Properties {

            /** Accepted peer */
            peer?: (number|null);

            /** Accepted connection */
            connection?: (number|null);

            /** Accepted localAddress */
            localAddress?: (string|null);

            /** Accepted localPort */
            localPort?: (number|null);

            /** Accepted remoteAddress */
            remoteAddress?: (string|null);

            /** Accepted remotePort */
            remotePort?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Accepted. */
        type $Shape = peerloom.Accepted.$Properties;
    }

    /**
     * Properties of a Connected.
     * @deprecated Use peerloom.Connected.$Properties instead.
     */
    interface IConnected extends peerloom.Connected.$Properties {
    }

    /** The connection that the host asked for with Dial is up. */
    class Connected {

        /**
         * Constructs a new Connected.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Connected.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Connected peer. */
        peer: number;

        /** Connected connection. */
        connection: number;

        /** Connected dial. */
        dial: number;

        /** Connected localAddress. */
        localAddress: string;

        /** Connected localPort. */
        localPort: number;

        /** Connected remoteAddress. */
        remoteAddress: string;

        /** Connected remotePort. */
        remotePort: number;

        /**
         * Encodes the specified Connected message. Does not implicitly {@link peerloom.Connected.verify|verify} messages.
         * @param message Connected message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Connected.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Connected message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Connected & peerloom.Connected.$Shape} Connected
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Connected & peerloom.Connected.$Shape;
    }

    namespace Connected {

        /** Properties of a Connected. */
        interface $Properties {

            /** Connected peer */
            peer?: (number|null);

            /** Connected connection */
            connection?: (number|null);

            /** Connected dial */
            dial?: (number|null);

            /** Connected localAddress */
            localAddress?: (string|null);

            /** Connected localPort */
            localPort?: (number|null);

            /** Connected remoteAddress */
            remoteAddress?: (string|null);

            /** Connected remotePort */
            remotePort?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Connected. */
        type $Shape = peerloom.Connected.$Properties;
    }

    /**
     * Properties of a DialFailed.
     * @deprecated Use peerloom.DialFailed.$Properties instead.
     */
    interface IDialFailed extends peerloom.DialFailed.$Properties {
    }

    /** The attempt that the host asked for with Dial has come to nothing. */
    class DialFailed {

        /**
         * Constructs a new DialFailed.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.DialFailed.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** DialFailed peer. */
        peer: number;

        /** DialFailed dial. */
        dial: number;

        /** the system's name, for example ECONNREFUSED */
        errno: string;

        /** what it means and what would be right */
        text: string;

        /**
         * Encodes the specified DialFailed message. Does not implicitly {@link peerloom.DialFailed.verify|verify} messages.
         * @param message DialFailed message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.DialFailed.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a DialFailed message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.DialFailed & peerloom.DialFailed.$Shape} DialFailed
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.DialFailed & peerloom.DialFailed.$Shape;
    }

    namespace DialFailed {

        /** Properties of a DialFailed. */
        interface $Properties {

            /** DialFailed peer */
            peer?: (number|null);

            /** DialFailed dial */
            dial?: (number|null);

            /** the system's name, for example ECONNREFUSED */
            errno?: (string|null);

            /** what it means and what would be right */
            text?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a DialFailed. */
        type $Shape = peerloom.DialFailed.$Properties;
    }

    /**
     * Properties of a Closed.
     * @deprecated Use peerloom.Closed.$Properties instead.
     */
    interface IClosed extends peerloom.Closed.$Properties {
    }

    /** The connection is gone. Not sent for a connection that the host has closed itself. */
    class Closed {

        /**
         * Constructs a new Closed.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Closed.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Closed peer. */
        peer: number;

        /** Closed connection. */
        connection: number;

        /** the system's name, for example ECONNRESET; empty for an orderly end */
        errno: string;

        /** Closed text. */
        text: string;

        /**
         * Encodes the specified Closed message. Does not implicitly {@link peerloom.Closed.verify|verify} messages.
         * @param message Closed message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Closed.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Closed message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Closed & peerloom.Closed.$Shape} Closed
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Closed & peerloom.Closed.$Shape;
    }

    namespace Closed {

        /** Properties of a Closed. */
        interface $Properties {

            /** Closed peer */
            peer?: (number|null);

            /** Closed connection */
            connection?: (number|null);

            /** the system's name, for example ECONNRESET; empty for an orderly end */
            errno?: (string|null);

            /** Closed text */
            text?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Closed. */
        type $Shape = peerloom.Closed.$Properties;
    }

    /**
     * Properties of a Refused.
     * @deprecated Use peerloom.Refused.$Properties instead.
     */
    interface IRefused extends peerloom.Refused.$Properties {
    }

    /** The neighbour has connected to us, and the supervisor has refused the connection for what is wrong with it. */
    class Refused {

        /**
         * Constructs a new Refused.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Refused.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Refused peer. */
        peer: number;

        /** what was wrong */
        text: string;

        /** what would be right */
        remedy: string;

        /**
         * Encodes the specified Refused message. Does not implicitly {@link peerloom.Refused.verify|verify} messages.
         * @param message Refused message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Refused.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Refused message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Refused & peerloom.Refused.$Shape} Refused
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Refused & peerloom.Refused.$Shape;
    }

    namespace Refused {

        /** Properties of a Refused. */
        interface $Properties {

            /** Refused peer */
            peer?: (number|null);

            /** what was wrong */
            text?: (string|null);

            /** what would be right */
            remedy?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Refused. */
        type $Shape = peerloom.Refused.$Properties;
    }

    /**
     * Properties of a Command.
     * @deprecated Use peerloom.Command.$Properties instead.
     */
    interface ICommand extends peerloom.Command.$Properties {
    }

    /** What an operator, or the supervisor, asks of a peer. */
    class Command {

        /**
         * Constructs a new Command.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Command.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Command peer. */
        peer: number;

        /** Command action. */
        action: peerloom.CommandKind;

        /** shutdown communication (RFC 9003), or why */
        text: string;

        /**
         * Encodes the specified Command message. Does not implicitly {@link peerloom.Command.verify|verify} messages.
         * @param message Command message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Command.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Command message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Command & peerloom.Command.$Shape} Command
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Command & peerloom.Command.$Shape;
    }

    namespace Command {

        /** Properties of a Command. */
        interface $Properties {

            /** Command peer */
            peer?: (number|null);

            /** Command action */
            action?: (peerloom.CommandKind|null);

            /** shutdown communication (RFC 9003), or why */
            text?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Command. */
        type $Shape = peerloom.Command.$Properties;
    }

    /** CommandKind enum. */
    enum CommandKind {

        /** NONE value */
        NONE = 0,

        /** ManualStart (RFC 4271 §8.1.2), also "no shutdown"; `text` in place of "started by an operator" */
        START = 1,

        /** ManualStop with Cease/Administrative Shutdown and `text`; the configuration stays */
        SHUTDOWN = 2,

        /** Cease/Administrative Reset with `text`, then start again at once */
        CLEAR = 3,

        /** ask for the routes again (RFC 2918), or read the Adj-RIB-In again */
        SOFT_IN = 4,

        /** send every route again */
        SOFT_OUT = 5,

        /** Cease/Peer De-configured, then forget the peer; answered by Stopped */
        DECONFIGURE = 6,

        /** end an idle hold or connect retry wait now */
        RETRY_NOW = 7
    }

    /**
     * Properties of a Stamp.
     * @deprecated Use peerloom.Stamp.$Properties instead.
     */
    interface IStamp extends peerloom.Stamp.$Properties {
    }

    /** When this batch was begun, by the supervisor's clock. The host measures its mailbox delay from it. */
    class Stamp {

        /**
         * Constructs a new Stamp.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Stamp.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Stamp time. */
        time: number;

        /**
         * Encodes the specified Stamp message. Does not implicitly {@link peerloom.Stamp.verify|verify} messages.
         * @param message Stamp message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Stamp.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Stamp message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Stamp & peerloom.Stamp.$Shape} Stamp
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Stamp & peerloom.Stamp.$Shape;
    }

    namespace Stamp {

        /** Properties of a Stamp. */
        interface $Properties {

            /** Stamp time */
            time?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Stamp. */
        type $Shape = peerloom.Stamp.$Properties;
    }

    /**
     * Properties of a ToSupervisor.
     * @deprecated Use peerloom.ToSupervisor.$Properties instead.
     */
    interface IToSupervisor extends peerloom.ToSupervisor.$Properties {
    }

    /** Host → supervisor. */
    class ToSupervisor {

        /**
         * Constructs a new ToSupervisor.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.ToSupervisor.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** hot */
        send?: (peerloom.Send.$Properties|null);

        /** hot */
        consumed?: (peerloom.Consumed.$Properties|null);

        /** ToSupervisor dial. */
        dial?: (peerloom.Dial.$Properties|null);

        /** ToSupervisor abortDial. */
        abortDial?: (peerloom.AbortDial.$Properties|null);

        /** ToSupervisor close. */
        close?: (peerloom.Close.$Properties|null);

        /** ToSupervisor collisionResolved. */
        collisionResolved?: (peerloom.CollisionResolved.$Properties|null);

        /** ToSupervisor transition. */
        transition?: (peerloom.Transition.$Properties|null);

        /** ToSupervisor sessionUp. */
        sessionUp?: (peerloom.SessionUp.$Properties|null);

        /** ToSupervisor sessionDown. */
        sessionDown?: (peerloom.SessionDown.$Properties|null);

        /** hot, only while somebody subscribes */
        update?: (peerloom.Update.$Properties|null);

        /** ToSupervisor notice. */
        notice?: (peerloom.Notice.$Properties|null);

        /** ToSupervisor stopped. */
        stopped?: (peerloom.Stopped.$Properties|null);

        /** hot */
        sendShared?: (peerloom.SendShared.$Properties|null);

        /** ToSupervisor body. */
        body?: ("send"|"consumed"|"dial"|"abortDial"|"close"|"collisionResolved"|"transition"|"sessionUp"|"sessionDown"|"update"|"notice"|"stopped"|"sendShared");

        /**
         * Encodes the specified ToSupervisor message. Does not implicitly {@link peerloom.ToSupervisor.verify|verify} messages.
         * @param message ToSupervisor message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.ToSupervisor.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ToSupervisor message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.ToSupervisor & peerloom.ToSupervisor.$Shape} ToSupervisor
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.ToSupervisor & peerloom.ToSupervisor.$Shape;
    }

    namespace ToSupervisor {

        /** Properties of a ToSupervisor. */
        interface $Properties {

            /** hot */
            send?: (peerloom.Send.$Properties|null);

            /** hot */
            consumed?: (peerloom.Consumed.$Properties|null);

            /** ToSupervisor dial */
            dial?: (peerloom.Dial.$Properties|null);

            /** ToSupervisor abortDial */
            abortDial?: (peerloom.AbortDial.$Properties|null);

            /** ToSupervisor close */
            close?: (peerloom.Close.$Properties|null);

            /** ToSupervisor collisionResolved */
            collisionResolved?: (peerloom.CollisionResolved.$Properties|null);

            /** ToSupervisor transition */
            transition?: (peerloom.Transition.$Properties|null);

            /** ToSupervisor sessionUp */
            sessionUp?: (peerloom.SessionUp.$Properties|null);

            /** ToSupervisor sessionDown */
            sessionDown?: (peerloom.SessionDown.$Properties|null);

            /** hot, only while somebody subscribes */
            update?: (peerloom.Update.$Properties|null);

            /** ToSupervisor notice */
            notice?: (peerloom.Notice.$Properties|null);

            /** ToSupervisor stopped */
            stopped?: (peerloom.Stopped.$Properties|null);

            /** hot */
            sendShared?: (peerloom.SendShared.$Properties|null);

            /** ToSupervisor body */
            body?: ("send"|"consumed"|"dial"|"abortDial"|"close"|"collisionResolved"|"transition"|"sessionUp"|"sessionDown"|"update"|"notice"|"stopped"|"sendShared");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a ToSupervisor. */
        type $Shape = {
          send?: peerloom.Send.$Shape|null;
          consumed?: peerloom.Consumed.$Shape|null;
          dial?: peerloom.Dial.$Shape|null;
          abortDial?: peerloom.AbortDial.$Shape|null;
          close?: peerloom.Close.$Shape|null;
          collisionResolved?: peerloom.CollisionResolved.$Shape|null;
          transition?: peerloom.Transition.$Shape|null;
          sessionUp?: peerloom.SessionUp.$Shape|null;
          sessionDown?: peerloom.SessionDown.$Shape|null;
          update?: peerloom.Update.$Shape|null;
          notice?: peerloom.Notice.$Shape|null;
          stopped?: peerloom.Stopped.$Shape|null;
          sendShared?: peerloom.SendShared.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ body?: undefined; send?: null; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "send"; send: peerloom.Send.$Shape; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "consumed"; send?: null; consumed: peerloom.Consumed.$Shape; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "dial"; send?: null; consumed?: null; dial: peerloom.Dial.$Shape; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "abortDial"; send?: null; consumed?: null; dial?: null; abortDial: peerloom.AbortDial.$Shape; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "close"; send?: null; consumed?: null; dial?: null; abortDial?: null; close: peerloom.Close.$Shape; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "collisionResolved"; send?: null; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved: peerloom.CollisionResolved.$Shape; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "transition"; send?: null; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition: peerloom.Transition.$Shape; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "sessionUp"; send?: null; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp: peerloom.SessionUp.$Shape; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "sessionDown"; send?: null; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown: peerloom.SessionDown.$Shape; update?: null; notice?: null; stopped?: null; sendShared?: null }|{ body?: "update"; send?: null; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update: peerloom.Update.$Shape; notice?: null; stopped?: null; sendShared?: null }|{ body?: "notice"; send?: null; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice: peerloom.Notice.$Shape; stopped?: null; sendShared?: null }|{ body?: "stopped"; send?: null; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped: peerloom.Stopped.$Shape; sendShared?: null }|{ body?: "sendShared"; send?: null; consumed?: null; dial?: null; abortDial?: null; close?: null; collisionResolved?: null; transition?: null; sessionUp?: null; sessionDown?: null; update?: null; notice?: null; stopped?: null; sendShared: peerloom.SendShared.$Shape })
        );
    }

    /**
     * Properties of a Send.
     * @deprecated Use peerloom.Send.$Properties instead.
     */
    interface ISend extends peerloom.Send.$Properties {
    }

    /** Bytes to write to a connection, in order. Answered by Written as the kernel takes them. */
    class Send {

        /**
         * Constructs a new Send.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Send.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Send peer. */
        peer: number;

        /** Send connection. */
        connection: number;

        /** Send bytes. */
        bytes: Uint8Array;

        /**
         * Encodes the specified Send message. Does not implicitly {@link peerloom.Send.verify|verify} messages.
         * @param message Send message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Send.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Send message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Send & peerloom.Send.$Shape} Send
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Send & peerloom.Send.$Shape;
    }

    namespace Send {

        /** Properties of a Send. */
        interface $Properties {

            /** Send peer */
            peer?: (number|null);

            /** Send connection */
            connection?: (number|null);

            /** Send bytes */
            bytes?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Send. */
        type $Shape = peerloom.Send.$Properties;
    }

    /**
     * Properties of a SendShared.
     * @deprecated Use peerloom.SendShared.$Properties instead.
     */
    interface ISendShared extends peerloom.SendShared.$Properties {
    }

    /**
     * As Send, with the bytes `[start, end)` of a shared buffer. The host has posted the buffer itself before, as a
     * port message of its own; buffers are numbered as they are posted, from 0 round and round, see `SharedBuffers`.
     */
    class SendShared {

        /**
         * Constructs a new SendShared.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.SendShared.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SendShared peer. */
        peer: number;

        /** SendShared connection. */
        connection: number;

        /** SendShared buffer. */
        buffer: number;

        /** SendShared start. */
        start: number;

        /** SendShared end. */
        end: number;

        /**
         * Encodes the specified SendShared message. Does not implicitly {@link peerloom.SendShared.verify|verify} messages.
         * @param message SendShared message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.SendShared.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SendShared message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.SendShared & peerloom.SendShared.$Shape} SendShared
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.SendShared & peerloom.SendShared.$Shape;
    }

    namespace SendShared {

        /** Properties of a SendShared. */
        interface $Properties {

            /** SendShared peer */
            peer?: (number|null);

            /** SendShared connection */
            connection?: (number|null);

            /** SendShared buffer */
            buffer?: (number|null);

            /** SendShared start */
            start?: (number|null);

            /** SendShared end */
            end?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SendShared. */
        type $Shape = peerloom.SendShared.$Properties;
    }

    /**
     * Properties of a Consumed.
     * @deprecated Use peerloom.Consumed.$Properties instead.
     */
    interface IConsumed extends peerloom.Consumed.$Properties {
    }

    /** Credit: the host has done with this many bytes of Data. */
    class Consumed {

        /**
         * Constructs a new Consumed.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Consumed.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Consumed bytes. */
        bytes: number;

        /**
         * Encodes the specified Consumed message. Does not implicitly {@link peerloom.Consumed.verify|verify} messages.
         * @param message Consumed message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Consumed.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Consumed message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Consumed & peerloom.Consumed.$Shape} Consumed
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Consumed & peerloom.Consumed.$Shape;
    }

    namespace Consumed {

        /** Properties of a Consumed. */
        interface $Properties {

            /** Consumed bytes */
            bytes?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Consumed. */
        type $Shape = peerloom.Consumed.$Properties;
    }

    /**
     * Properties of a Dial.
     * @deprecated Use peerloom.Dial.$Properties instead.
     */
    interface IDial extends peerloom.Dial.$Properties {
    }

    /** Open a TCP connection to the peer. Answered by Connected or DialFailed. */
    class Dial {

        /**
         * Constructs a new Dial.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Dial.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Dial peer. */
        peer: number;

        /** Dial dial. */
        dial: number;

        /**
         * Encodes the specified Dial message. Does not implicitly {@link peerloom.Dial.verify|verify} messages.
         * @param message Dial message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Dial.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Dial message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Dial & peerloom.Dial.$Shape} Dial
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Dial & peerloom.Dial.$Shape;
    }

    namespace Dial {

        /** Properties of a Dial. */
        interface $Properties {

            /** Dial peer */
            peer?: (number|null);

            /** Dial dial */
            dial?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Dial. */
        type $Shape = peerloom.Dial.$Properties;
    }

    /**
     * Properties of an AbortDial.
     * @deprecated Use peerloom.AbortDial.$Properties instead.
     */
    interface IAbortDial extends peerloom.AbortDial.$Properties {
    }

    /** Give up the attempt. A Connected or DialFailed that is already on its way is ignored. */
    class AbortDial {

        /**
         * Constructs a new AbortDial.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.AbortDial.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** AbortDial peer. */
        peer: number;

        /** AbortDial dial. */
        dial: number;

        /**
         * Encodes the specified AbortDial message. Does not implicitly {@link peerloom.AbortDial.verify|verify} messages.
         * @param message AbortDial message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.AbortDial.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an AbortDial message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.AbortDial & peerloom.AbortDial.$Shape} AbortDial
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.AbortDial & peerloom.AbortDial.$Shape;
    }

    namespace AbortDial {

        /** Properties of an AbortDial. */
        interface $Properties {

            /** AbortDial peer */
            peer?: (number|null);

            /** AbortDial dial */
            dial?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an AbortDial. */
        type $Shape = peerloom.AbortDial.$Properties;
    }

    /**
     * Properties of a Close.
     * @deprecated Use peerloom.Close.$Properties instead.
     */
    interface IClose extends peerloom.Close.$Properties {
    }

    /** What was sent before leaves first; then the connection ends. */
    class Close {

        /**
         * Constructs a new Close.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Close.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Close peer. */
        peer: number;

        /** Close connection. */
        connection: number;

        /** drop what is unsent and reset (send hold timer expired, RFC 9687) */
        reset: boolean;

        /**
         * Encodes the specified Close message. Does not implicitly {@link peerloom.Close.verify|verify} messages.
         * @param message Close message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Close.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Close message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Close & peerloom.Close.$Shape} Close
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Close & peerloom.Close.$Shape;
    }

    namespace Close {

        /** Properties of a Close. */
        interface $Properties {

            /** Close peer */
            peer?: (number|null);

            /** Close connection */
            connection?: (number|null);

            /** drop what is unsent and reset (send hold timer expired, RFC 9687) */
            reset?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Close. */
        type $Shape = peerloom.Close.$Properties;
    }

    /**
     * Properties of a CollisionResolved.
     * @deprecated Use peerloom.CollisionResolved.$Properties instead.
     */
    interface ICollisionResolved extends peerloom.CollisionResolved.$Properties {
    }

    /**
     * The actor's FSM has decided a collision (RFC 4271 §6.8); the supervisor carries it out:
     * `loser` is closed after its Cease, `survivor` stays.
     */
    class CollisionResolved {

        /**
         * Constructs a new CollisionResolved.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.CollisionResolved.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** CollisionResolved peer. */
        peer: number;

        /** CollisionResolved survivor. */
        survivor: number;

        /** CollisionResolved loser. */
        loser: number;

        /** CollisionResolved why. */
        why: string;

        /**
         * Encodes the specified CollisionResolved message. Does not implicitly {@link peerloom.CollisionResolved.verify|verify} messages.
         * @param message CollisionResolved message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.CollisionResolved.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a CollisionResolved message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.CollisionResolved & peerloom.CollisionResolved.$Shape} CollisionResolved
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.CollisionResolved & peerloom.CollisionResolved.$Shape;
    }

    namespace CollisionResolved {

        /** Properties of a CollisionResolved. */
        interface $Properties {

            /** CollisionResolved peer */
            peer?: (number|null);

            /** CollisionResolved survivor */
            survivor?: (number|null);

            /** CollisionResolved loser */
            loser?: (number|null);

            /** CollisionResolved why */
            why?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a CollisionResolved. */
        type $Shape = peerloom.CollisionResolved.$Properties;
    }

    /**
     * Properties of a Transition.
     * @deprecated Use peerloom.Transition.$Properties instead.
     */
    interface ITransition extends peerloom.Transition.$Properties {
    }

    /** The FSM of a peer has changed its state. */
    class Transition {

        /**
         * Constructs a new Transition.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Transition.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Transition peer. */
        peer: number;

        /** 0 where no connection is concerned */
        connection: number;

        /** Transition from. */
        from: peerloom.PeerState;

        /** Transition to. */
        to: peerloom.PeerState;

        /** RFC 4271 §8.1 event number */
        event: number;

        /** Transition why. */
        why: string;

        /** Transition time. */
        time: number;

        /**
         * Encodes the specified Transition message. Does not implicitly {@link peerloom.Transition.verify|verify} messages.
         * @param message Transition message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Transition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Transition message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Transition & peerloom.Transition.$Shape} Transition
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Transition & peerloom.Transition.$Shape;
    }

    namespace Transition {

        /** Properties of a Transition. */
        interface $Properties {

            /** Transition peer */
            peer?: (number|null);

            /** 0 where no connection is concerned */
            connection?: (number|null);

            /** Transition from */
            from?: (peerloom.PeerState|null);

            /** Transition to */
            to?: (peerloom.PeerState|null);

            /** RFC 4271 §8.1 event number */
            event?: (number|null);

            /** Transition why */
            why?: (string|null);

            /** Transition time */
            time?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Transition. */
        type $Shape = peerloom.Transition.$Properties;
    }

    /** RFC 4271 §8.2.2. */
    enum PeerState {

        /** IDLE value */
        IDLE = 0,

        /** CONNECT value */
        CONNECT = 1,

        /** ACTIVE value */
        ACTIVE = 2,

        /** OPEN_SENT value */
        OPEN_SENT = 3,

        /** OPEN_CONFIRM value */
        OPEN_CONFIRM = 4,

        /** ESTABLISHED value */
        ESTABLISHED = 5
    }

    /**
     * Properties of a SessionUp.
     * @deprecated Use peerloom.SessionUp.$Properties instead.
     */
    interface ISessionUp extends peerloom.SessionUp.$Properties {
    }

    /** The session is Established. */
    class SessionUp {

        /**
         * Constructs a new SessionUp.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.SessionUp.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SessionUp peer. */
        peer: number;

        /** SessionUp session. */
        session: number;

        /** SessionUp connection. */
        connection: number;

        /** SessionUp time. */
        time: number;

        /** SessionAgreement; empty: that of the SessionUp before, for most sessions agree on the same */
        json: string;

        /** SessionUp remoteAs. */
        remoteAs: number;

        /** SessionUp remoteRouterId. */
        remoteRouterId: string;

        /** SessionUp localAddress. */
        localAddress: string;

        /** SessionUp localPort. */
        localPort: number;

        /** SessionUp remoteAddress. */
        remoteAddress: string;

        /** SessionUp remotePort. */
        remotePort: number;

        /** we opened the connection */
        dialled: boolean;

        /**
         * Encodes the specified SessionUp message. Does not implicitly {@link peerloom.SessionUp.verify|verify} messages.
         * @param message SessionUp message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.SessionUp.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SessionUp message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.SessionUp & peerloom.SessionUp.$Shape} SessionUp
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.SessionUp & peerloom.SessionUp.$Shape;
    }

    namespace SessionUp {

        /** Properties of a SessionUp. */
        interface $Properties {

            /** SessionUp peer */
            peer?: (number|null);

            /** SessionUp session */
            session?: (number|null);

            /** SessionUp connection */
            connection?: (number|null);

            /** SessionUp time */
            time?: (number|null);

            /** SessionAgreement; empty: that of the SessionUp before, for most sessions agree on the same */
            json?: (string|null);

            /** SessionUp remoteAs */
            remoteAs?: (number|null);

            /** SessionUp remoteRouterId */
            remoteRouterId?: (string|null);

            /** SessionUp localAddress */
            localAddress?: (string|null);

            /** SessionUp localPort */
            localPort?: (number|null);

            /** SessionUp remoteAddress */
            remoteAddress?: (string|null);

            /** SessionUp remotePort */
            remotePort?: (number|null);

            /** we opened the connection */
            dialled?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SessionUp. */
        type $Shape = peerloom.SessionUp.$Properties;
    }

    /**
     * Properties of a SessionDown.
     * @deprecated Use peerloom.SessionDown.$Properties instead.
     */
    interface ISessionDown extends peerloom.SessionDown.$Properties {
    }

    /** The session has ended. */
    class SessionDown {

        /**
         * Constructs a new SessionDown.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.SessionDown.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SessionDown peer. */
        peer: number;

        /** SessionDown session. */
        session: number;

        /** SessionDown time. */
        time: number;

        /** SessionEnd */
        json: string;

        /**
         * Encodes the specified SessionDown message. Does not implicitly {@link peerloom.SessionDown.verify|verify} messages.
         * @param message SessionDown message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.SessionDown.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SessionDown message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.SessionDown & peerloom.SessionDown.$Shape} SessionDown
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.SessionDown & peerloom.SessionDown.$Shape;
    }

    namespace SessionDown {

        /** Properties of a SessionDown. */
        interface $Properties {

            /** SessionDown peer */
            peer?: (number|null);

            /** SessionDown session */
            session?: (number|null);

            /** SessionDown time */
            time?: (number|null);

            /** SessionEnd */
            json?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SessionDown. */
        type $Shape = peerloom.SessionDown.$Properties;
    }

    /**
     * Properties of an Update.
     * @deprecated Use peerloom.Update.$Properties instead.
     */
    interface IUpdate extends peerloom.Update.$Properties {
    }

    /** One whole UPDATE message as received, header included, for those who subscribe. */
    class Update {

        /**
         * Constructs a new Update.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Update.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Update peer. */
        peer: number;

        /** Update session. */
        session: number;

        /** Update bytes. */
        bytes: Uint8Array;

        /** it was treated as a withdraw, or lost an attribute (RFC 7606) */
        postFault: boolean;

        /**
         * Encodes the specified Update message. Does not implicitly {@link peerloom.Update.verify|verify} messages.
         * @param message Update message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Update.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an Update message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Update & peerloom.Update.$Shape} Update
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Update & peerloom.Update.$Shape;
    }

    namespace Update {

        /** Properties of an Update. */
        interface $Properties {

            /** Update peer */
            peer?: (number|null);

            /** Update session */
            session?: (number|null);

            /** Update bytes */
            bytes?: (Uint8Array|null);

            /** it was treated as a withdraw, or lost an attribute (RFC 7606) */
            postFault?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an Update. */
        type $Shape = peerloom.Update.$Properties;
    }

    /**
     * Properties of a Notice.
     * @deprecated Use peerloom.Notice.$Properties instead.
     */
    interface INotice extends peerloom.Notice.$Properties {
    }

    /** Something a person may want to know: maximum prefixes, RFC 7606 actions, lost updates, handler errors. */
    class Notice {

        /**
         * Constructs a new Notice.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Notice.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** 0: the host itself */
        peer: number;

        /** Notice code. */
        code: string;

        /** Notice text. */
        text: string;

        /** Notice time. */
        time: number;

        /** Notice json. */
        json: string;

        /**
         * Encodes the specified Notice message. Does not implicitly {@link peerloom.Notice.verify|verify} messages.
         * @param message Notice message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Notice.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Notice message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Notice & peerloom.Notice.$Shape} Notice
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Notice & peerloom.Notice.$Shape;
    }

    namespace Notice {

        /** Properties of a Notice. */
        interface $Properties {

            /** 0: the host itself */
            peer?: (number|null);

            /** Notice code */
            code?: (string|null);

            /** Notice text */
            text?: (string|null);

            /** Notice time */
            time?: (number|null);

            /** Notice json */
            json?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Notice. */
        type $Shape = peerloom.Notice.$Properties;
    }

    /**
     * Properties of a Stopped.
     * @deprecated Use peerloom.Stopped.$Properties instead.
     */
    interface IStopped extends peerloom.Stopped.$Properties {
    }

    /** Answer to DECONFIGURE: nothing of the peer is left. */
    class Stopped {

        /**
         * Constructs a new Stopped.
         * @param [properties] Properties to set
         */
        constructor(properties?: peerloom.Stopped.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Stopped peer. */
        peer: number;

        /**
         * Encodes the specified Stopped message. Does not implicitly {@link peerloom.Stopped.verify|verify} messages.
         * @param message Stopped message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: peerloom.Stopped.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Stopped message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {peerloom.Stopped & peerloom.Stopped.$Shape} Stopped
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): peerloom.Stopped & peerloom.Stopped.$Shape;
    }

    namespace Stopped {

        /** Properties of a Stopped. */
        interface $Properties {

            /** Stopped peer */
            peer?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Stopped. */
        type $Shape = peerloom.Stopped.$Properties;
    }
}
