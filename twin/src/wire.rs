//! TCP connections that can be cut in the middle of anything.
//!
//! A vendor's server that dies, and a network that drops a connection, look the same to a client: a
//! reset instead of an answer. A web framework has no word for that, so the listener has.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// One accepted connection's switch. Handlers get it as `ConnectInfo<Wire>`.
#[derive(Debug, Clone, Default)]
pub struct Wire {
    switch: Arc<Switch>,
}

#[derive(Debug, Default)]
struct Switch {
    cut: AtomicBool,
    reader: AtomicWaker,
    writer: AtomicWaker,
}

impl Wire {
    /// Resets the connection: no byte that was not sent yet will be.
    pub fn cut(&self) {
        self.switch.cut.store(true, Ordering::SeqCst);
        self.switch.reader.wake();
        self.switch.writer.wake();
    }
}

/// Every connection that a server holds.
#[derive(Debug, Clone, Default)]
pub struct Wires {
    open: Arc<Mutex<Vec<Weak<Switch>>>>,
}

impl Wires {
    /// Listens, and keeps what it accepts.
    pub fn listen(&self, listener: TcpListener) -> Door {
        Door { listener, wires: self.clone() }
    }

    /// Cuts every connection.
    pub fn cut_all(&self) {
        let open = std::mem::take(&mut *self.open.lock().unwrap_or_else(PoisonError::into_inner));
        for switch in open.iter().filter_map(Weak::upgrade) {
            Wire { switch }.cut();
        }
    }

    fn keep(&self, wire: &Wire) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|switch| switch.strong_count() > 0);
        open.push(Arc::downgrade(&wire.switch));
    }
}

/// A listener whose connections can be cut.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    wires: Wires,
}

impl Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, from)) => {
                    // Nagle's algorithm would add the peer's delayed acknowledgement to every measurement.
                    let _best_effort = stream.set_nodelay(true);
                    let wire = Wire::default();
                    self.wires.keep(&wire);
                    return (Line { stream, wire }, from);
                }
                // Out of file descriptors, or the peer is gone already: both pass.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, Door>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().wire.clone()
    }
}

/// A connection and its switch.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    wire: Wire,
}

impl Line {
    fn severed(&self) -> bool {
        let cut = self.wire.switch.cut.load(Ordering::SeqCst);
        if cut {
            // Without lingering, closing sends RST: the peer must not take it for a polite end.
            let _best_effort = self.stream.set_zero_linger();
        }
        cut
    }
}

fn reset<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.wire.switch.reader.register(cx.waker());
        if self.severed() { reset() } else { Pin::new(&mut self.stream).poll_read(cx, buffer) }
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.wire.switch.writer.register(cx.waker());
        if self.severed() { reset() } else { Pin::new(&mut self.stream).poll_write(cx, bytes) }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.severed() { reset() } else { Pin::new(&mut self.stream).poll_flush(cx) }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.severed() { Poll::Ready(Ok(())) } else { Pin::new(&mut self.stream).poll_shutdown(cx) }
    }
}
