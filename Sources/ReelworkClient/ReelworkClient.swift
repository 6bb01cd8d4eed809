/// Client.
public enum Placeholder {}
