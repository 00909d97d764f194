// A frame on a picture: around the focal point, until somebody drags it or moves it with the arrow keys. Where it stands is
// in number fields, in hundredths of the picture; without scripts those fields are the frame.

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const SIDES = ["left", "top", "width", "height"] as const;
/** The smallest side of a frame, in hundredths. */
const LEAST = 5;

export function startCrop(): void {
  document.querySelectorAll<HTMLElement>("[data-crop]").forEach(start);
}

function start(crop: HTMLElement): void {
  const form = crop.closest("form");
  const image = crop.querySelector("img");
  const frame = crop.querySelector<HTMLElement>("[data-crop-frame]");
  const focus = crop.querySelector<HTMLElement>("[data-crop-focus]");
  if (!form || !image || !frame || !focus) return;
  const says = form.querySelector<HTMLElement>("[data-crop-says]");
  const field = (name: string): HTMLInputElement | null => form.querySelector(`input[name="${name}"]`);
  const number = (name: string, otherwise: number): number => {
    const text = field(name)?.value ?? "";
    const value = Number(text);
    return text === "" || Number.isNaN(value) ? otherwise : value;
  };
  const isDrawn = (): boolean => form.querySelector<HTMLInputElement>('input[name="frame"][value="drawn"]')?.checked ?? false;

  /** How wide a frame is that is one high, both in hundredths; none: any. */
  const ratio = (): number | undefined => {
    const wanted = form.querySelector<HTMLSelectElement>('select[name="purpose"]')?.selectedOptions[0]?.dataset["box"];
    const [wide, high] = (wanted ?? "").split(":").map(Number);
    if (!wide || !high || !image.naturalWidth) return undefined;
    return ((wide / high) * image.naturalHeight) / image.naturalWidth;
  };

  const around = (): Box => {
    const shape = ratio();
    if (!shape) return { left: 0, top: 0, width: 100, height: 100 };
    const width = Math.min(100, 100 * shape);
    const height = Math.min(100, 100 / shape);
    const place = (point: number, side: number): number => clamp(point - side / 2, 0, 100 - side);
    return { left: place(number("focal_x", 50), width), top: place(number("focal_y", 50), height), width, height };
  };
  const drawn = (): Box => {
    const whole = around();
    return within(
      {
        left: number("left", whole.left),
        top: number("top", whole.top),
        width: number("width", whole.width),
        height: number("height", whole.height),
      },
      ratio(),
    );
  };

  const show = (): void => {
    const box = isDrawn() ? drawn() : around();
    for (const side of SIDES) frame.style[side] = `${box[side]}%`;
    focus.hidden = isDrawn();
    focus.style.left = `${number("focal_x", 50)}%`;
    focus.style.top = `${number("focal_y", 50)}%`;
    frame.hidden = false;
  };
  const draw = (wanted: Box): void => {
    const box = within(wanted, ratio());
    for (const side of SIDES) {
      const input = field(side);
      if (input) input.value = String(Math.round(box[side] * 10) / 10);
    }
    const radio = form.querySelector<HTMLInputElement>('input[name="frame"][value="drawn"]');
    if (radio) radio.checked = true;
    show();
  };
  const say = (): void => {
    if (!says) return;
    const box = isDrawn() ? drawn() : around();
    says.textContent = SIDES.reduce((text, side) => text.replace(`{${side}}`, String(Math.round(box[side]))), says.dataset["text"] ?? "");
  };
  const current = (): Box => (isDrawn() ? drawn() : around());

  frame.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [across = 0, down = 0] = step;
    const box = current();
    draw(
      event.shiftKey
        ? resized(box, box.width + across, box.height + down, ratio())
        : { ...box, left: clamp(box.left + across, 0, 100 - box.width), top: clamp(box.top + down, 0, 100 - box.height) },
    );
    say();
  });

  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    frame.focus();
    frame.setPointerCapture(event.pointerId);
    const from = current();
    const room = crop.getBoundingClientRect();
    const resizes = event.target instanceof Element && event.target.closest("[data-crop-handle]") !== null;
    const move = (next: PointerEvent): void => {
      const across = ((next.clientX - event.clientX) / room.width) * 100;
      const down = ((next.clientY - event.clientY) / room.height) * 100;
      draw(
        resizes
          ? resized(from, from.width + across, from.height + down, ratio())
          : { ...from, left: clamp(from.left + across, 0, 100 - from.width), top: clamp(from.top + down, 0, 100 - from.height) },
      );
    };
    frame.addEventListener("pointermove", move);
    frame.addEventListener(
      "lostpointercapture",
      () => {
        frame.removeEventListener("pointermove", move);
        say();
      },
      { once: true },
    );
  });

  // A click beside the frame is a new focal point.
  image.addEventListener("click", (event) => {
    const room = image.getBoundingClientRect();
    const place: Record<string, number> = {
      focal_x: ((event.clientX - room.left) / room.width) * 100,
      focal_y: ((event.clientY - room.top) / room.height) * 100,
    };
    for (const [name, value] of Object.entries(place)) {
      const input = field(name);
      if (input) input.value = String(Math.round(value));
    }
    const radio = form.querySelector<HTMLInputElement>('input[name="frame"][value="focus"]');
    if (radio) radio.checked = true;
    show();
  });

  form.addEventListener("input", show);
  form.addEventListener("change", (event) => {
    const isPurpose = event.target instanceof HTMLSelectElement && event.target.name === "purpose";
    if (isPurpose && isDrawn()) draw(drawn());
    else show();
  });
  const still = crop.dataset["still"];
  if (still) {
    const usual = image.src;
    const choose = (): void => {
      // The first page is what is shown already.
      const which = ["second", "page"].find((name) => field(name)?.value && !(name === "page" && number(name, 1) === 1));
      const wanted = which ? `${still}?${which}=${encodeURIComponent(field(which)?.value ?? "")}` : usual;
      if (image.src !== new URL(wanted, location.href).href) image.src = wanted;
    };
    // There is no such second or page: the form says so when it is sent.
    image.addEventListener("error", () => {
      if (image.src !== usual) image.src = usual;
    });
    form.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement && ["second", "page"].includes(event.target.name)) choose();
    });
    choose();
  }
  if (image.complete) show();
  image.addEventListener("load", show);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

/** The frame with another size, its upper left corner where it was. */
function resized(box: Box, width: number, height: number, shape: number | undefined): Box {
  const wide = clamp(width, LEAST, 100 - box.left);
  const high = clamp(height, LEAST, 100 - box.top);
  if (!shape) return { ...box, width: wide, height: high };
  // Whichever side was changed leads; neither goes beyond the picture.
  const lead = width === box.width ? high * shape : wide;
  const most = Math.min(lead, 100 - box.left, (100 - box.top) * shape);
  return { ...box, width: most, height: most / shape };
}

/** The frame brought into the picture, and into its shape. */
function within(box: Box, shape: number | undefined): Box {
  let width = clamp(box.width, 1, 100);
  let height = clamp(box.height, 1, 100);
  if (shape) {
    width = Math.min(width, 100, 100 * shape);
    height = width / shape;
  }
  return { left: clamp(box.left, 0, 100 - width), top: clamp(box.top, 0, 100 - height), width, height };
}
